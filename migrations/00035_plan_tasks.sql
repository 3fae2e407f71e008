-- +goose Up
-- The rows of a plan's table while it is written: one row a task, each with a
-- version, so that two people can work side by side and a conflict is seen. A task
-- that was taken out keeps its row and its key: whoever still has it open learns who
-- took it out, and it can be put back. A submission freezes the table into the
-- revision's content, like everything else that is written.
create table draft_tasks (
    document_id text    not null references documents,
    key         text    not null check (key ~ '^[a-z0-9][a-z0-9-]{0,39}$'), -- for the life of the plan
    place       int     not null,        -- order of the rows, as they are written
    task        jsonb   not null,        -- domain/plan.Task
    removed     boolean not null default false,
    version     int     not null default 1,
    updated_by  bigint  not null references persons,
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (document_id, key)
);

grant select, insert, update on draft_tasks to cchc_app;

-- +goose Down
select 'forward only';
