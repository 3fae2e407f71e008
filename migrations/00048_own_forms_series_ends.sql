-- +goose Up
-- The outline of an ad hoc campaign is a form version that nothing else uses. That is
-- said here and no longer told by its code, which is now the campaign's own. Those
-- of before keep theirs, "dx-<campaign>".
alter table form_versions add column campaign_only boolean not null default false;
update form_versions v set campaign_only = true
where exists (select from campaigns c where c.kind = 'ad_hoc' and c.form = v.form and 'dx-' || c.code = v.form);

-- A save that the editor of forms made by itself. The next save of the same person
-- takes its place, so that an hour of editing leaves a few saves and not hundreds.
alter table form_draft_saves add column auto boolean not null default false;
grant delete on form_draft_saves to cchc_app;

-- What an edit of the calendar moved besides campaigns and documents.
alter table calendar_changes
    add column tasks     int not null default 0, -- of living plans, still open
    add column proposals int not null default 0; -- open ones
grant update (due_at) on campaign_proposals to cchc_app;
create index plan_tasks_last_day on plan_tasks (last_day) where cancelled_at is null and last_day is not null;

-- A series asks for reports or for the plans of a year. One that has ended stays on
-- record with what it proposed; one that never proposed anything may be deleted.
alter table series
    add column kind       text not null default 'report' check (kind in ('report', 'plan')),
    add column ended_at   timestamptz,
    add column ended_by   bigint references persons,
    add column end_reason text not null default '',
    add check ((ended_at is null) = (ended_by is null)),
    add check (ended_at is null or not active);
grant delete on series to cchc_app;

-- +goose Down
select 'forward only';
