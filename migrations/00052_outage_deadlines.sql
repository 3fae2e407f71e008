-- +goose Up
-- What an outage does to deadlines: whose attempts failed, which deadlines an officer
-- has extended because of it, and by which decision.

-- Saves and decisions of units that the software could not take. What the server saw
-- fail itself, and what a browser tells when the server is back; the latter is a claim.
-- A row extends nothing: an officer sees it beside the deadlines that the outage touched
-- by rule. One row a person, document, source and minute.
create table failed_attempts (
    person_id   bigint not null references persons,
    document_id text not null references documents,
    source      text not null check (source in ('server', 'browser')),
    at          timestamptz not null, -- when it failed, to the minute
    told_at     timestamptz not null default clock_timestamp(),
    primary key (person_id, document_id, source, at)
);
create index failed_attempts_at on failed_attempts (at, document_id);

-- One click of an officer: deadlines are extended because of an outage. The rows are
-- written first and carried out one by one; what a dying server leaves, the worker's
-- relay carries out.
create table outage_batches (
    key       uuid primary key, -- from the form: a double click is one batch
    outage_id bigint not null references outages,
    person_id bigint not null references persons,
    unit_code text not null references units,
    role      text not null,
    reason    text not null check (reason <> ''),
    made_at   timestamptz not null,
    done_at   timestamptz
);
create index outage_batches_outage on outage_batches (outage_id, made_at);
create index outage_batches_undone on outage_batches (made_at) where done_at is null;
create table outage_batch_items (
    id          bigint generated always as identity primary key,
    batch       uuid not null references outage_batches,
    outage_id   bigint not null references outages, -- the batch's
    kind        text not null check (kind in ('campaign', 'documents', 'signed', 'tasks')),
    campaign    text not null references campaigns,
    document_id text references documents, -- null: the campaign's own due
    from_at     timestamptz not null,      -- the due that is moved; another one by then is left alone
    until       timestamptz not null,
    outcome     text check (outcome in ('taken', 'refused')),
    broken      jsonb not null default '[]', -- rule.Errors of a refusal
    decision_id bigint references decisions, -- documents, signed
    tasks       int not null default 0,      -- tasks: how many of the plan
    check ((kind = 'campaign') = (document_id is null))
);
create index outage_batch_items_batch on outage_batch_items (batch, id);
create index outage_batch_items_left on outage_batch_items (batch, id) where outcome is null;
create index outage_batch_items_document on outage_batch_items (document_id, outage_id, kind);
create index outage_batch_items_outage on outage_batch_items (outage_id, id);

-- Why a decision was made: because of an outage.
alter table decisions add column outage_id bigint references outages;

-- The last day of a plan's task after an outage; it holds as long as the plan does not
-- name another deadline.
alter table plan_tasks
    add column extended_to date,
    add column extended_by bigint references outages,
    add check ((extended_to is null) = (extended_by is null));

-- What an outage touched is found by the instants.
create index documents_due on documents (due_at, campaign) where closed_at is null;
create index documents_signed_late on documents (unit_due_at, campaign) where punctuality = 'late';
create index plan_tasks_ends on plan_tasks (ends_at) where cancelled_at is null;

-- Clocks of delays stand still during confirmed outages: whoever keeps the calendar
-- reads it anew.
-- +goose StatementBegin
create function tell_standing() returns trigger language plpgsql as $$
begin
    perform pg_notify('calendar', '');
    return null;
end
$$;
-- +goose StatementEnd
create trigger outage_stands after update of began_at, ended_at, confirmed_at, dismissed_at, rule on outages
    for each row when (old.confirmed_at is not null or new.confirmed_at is not null) execute function tell_standing();
create trigger outage_stands_new after insert on outages
    for each row when (new.confirmed_at is not null) execute function tell_standing();

grant select, insert on failed_attempts, outage_batch_items to cchc_app;
grant select, insert on outage_batches to cchc_app;
grant update (done_at) on outage_batches to cchc_app;
grant update (outcome, broken, decision_id) on outage_batch_items to cchc_app;
grant update (due_shift, due_rule) on campaigns to cchc_app;

-- +goose Down
select 'forward only';
