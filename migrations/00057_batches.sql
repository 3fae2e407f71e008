-- +goose Up
-- What an officer decides with one click about many documents goes on after one that
-- fails: it is tried again later, and set aside after the last try.
alter table extension_batch_items
    add column failures int not null default 0,
    add column retry_at timestamptz; -- not before; null: at once
alter table outage_batch_items
    add column failures int not null default 0,
    add column retry_at timestamptz;
create index extension_batch_items_left on extension_batch_items (batch, n) where outcome is null;
-- What failed and was not carried out since, which is little: for operators.
create index extension_batch_items_failed on extension_batch_items (batch) where failures > 0 and outcome is distinct from 'taken';
create index outage_batch_items_failed on outage_batch_items (batch) where failures > 0 and outcome is distinct from 'taken';

-- Outages also touch the authority's own time to confirm ('reviews') and the rounds of
-- appraisals.
alter table outage_batch_items drop constraint outage_batch_items_kind_check;
alter table outage_batch_items add constraint outage_batch_items_kind_check
    check (kind in ('campaign', 'documents', 'signed', 'reviews', 'appraisals', 'tasks'));
create index appraisals_due on appraisals (due_at, campaign) where ended_at is null;

-- What was given because of outages is told beside a campaign.
create index outage_batch_items_campaign on outage_batch_items (campaign, document_id, kind);

create index plan_tasks_given on plan_tasks (campaign) where extended_to is not null;

grant update (failures, retry_at) on extension_batch_items, outage_batch_items to cchc_app;

-- +goose Down
select 'forward only';
