-- +goose Up
-- Workbooks with tasks that an author of a draft has handed in and not taken over
-- yet: what would change is shown first, and errors go back in the same workbook.
-- The tasks come into draft_tasks only when the author says so.
create table plan_imports (
    document_id text        not null references documents,
    hash        text        not null references files,
    name        text        not null,
    uploaded_by bigint      not null references persons,
    uploaded_at timestamptz not null default clock_timestamp(),
    primary key (document_id, hash)
);

-- A task that was taken over from an earlier plan: from which one, and when somebody
-- looked whether it still holds as it stands. A task that is written anew has been
-- looked at.
alter table draft_tasks
    add column copied_from   text references documents,
    add column looked_at     timestamptz;

grant select, insert, update on plan_imports to cchc_app;

-- +goose Down
select 'forward only';
