-- +goose Up
-- A plan that has been approved lives for its year. One row a plan: which revision
-- of it lives, how far its reminders have been walked, and when its workflow is
-- expected next. A wake in the past is what the relay goes by, also to start a
-- workflow that does not run yet.
create table plan_trackings (
    document_id    text primary key references documents,
    revision       int not null default 0,  -- whose tasks plan_tasks holds; 0: not yet
    rung_at        timestamptz not null,    -- reminders have been walked up to here
    wake_at        timestamptz,             -- when the workflow is expected next; null: only when told
    relay_at       timestamptz,             -- the relay may signal again from here on
    relay_failures int not null default 0,
    run_id         text not null default '',
    created_at     timestamptz not null,
    ended_at       timestamptz              -- the year is over and nothing is open
);
create index plan_trackings_wake on plan_trackings (wake_at) where wake_at is not null;
create index plan_trackings_open on plan_trackings (document_id) where ended_at is null;

-- The tasks of the plans that live, each with the facts from which its status is
-- derived. A status stands nowhere: it follows from these and the instant.
create table plan_tasks (
    document_id  text not null references plan_trackings,
    key          text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    campaign     text not null references campaigns, -- the document's
    unit_code    text not null references units,     -- the document's
    place        int  not null,       -- its row in the approved table, from 1
    task         jsonb not null,      -- domain/plan.Task
    last_day     date,                -- last day in time, after the shift; null: no day is named
    ends_at      timestamptz,         -- the end of that time: from here on overdue
    started_at   timestamptz,         -- first progress or result
    percent      int check (percent between 0 and 100), -- as last noted
    done_on      date,                -- day of the result document that stands
    result_id    bigint,              -- that entry of task_entries
    cancelled_at timestamptz,         -- stands no more in the approved plan
    primary key (document_id, key),
    check ((done_on is null) = (result_id is null)),
    check ((last_day is null) = (ends_at is null))
);
create index plan_tasks_campaign on plan_tasks (campaign, unit_code);

-- What is written about a task over the year: progress, its result document, the
-- withdrawal of that. Insert only: the entries are the task's history.
create table task_entries (
    id          bigint generated always as identity primary key,
    key         uuid not null unique,            -- from the form: a double click is one entry
    document_id text not null,
    task        text not null,
    kind        text not null check (kind in ('progress', 'result', 'withdrawal')),
    note        text not null default '',        -- what was done, where the original is kept, why withdrawn
    percent     int check (percent between 0 and 100),
    number      text not null default '',        -- of the result document
    issued_on   date,
    title       text not null default '',
    file_hash   text references files,
    file_name   text not null default '',
    result_id   bigint unique references task_entries, -- the result that is withdrawn, once
    person_id   bigint not null references persons,
    role        text not null,
    unit_code   text not null references units,
    at          timestamptz not null,            -- by the database's clock
    foreign key (document_id, task) references plan_tasks,
    check ((kind = 'result') = (issued_on is not null)),
    check ((kind = 'withdrawal') = (result_id is not null))
);
create index task_entries_task on task_entries (document_id, task, id);
create index task_entries_file on task_entries (document_id, file_hash) where file_hash is not null;
alter table plan_tasks add foreign key (result_id) references task_entries;

-- Plans approved before: their workflow fills in the tasks.
insert into plan_trackings (document_id, rung_at, wake_at, created_at)
select id, clock_timestamp(), clock_timestamp() - interval '2 minutes', clock_timestamp()
from documents where kind = 'plan' and stage = 'approved';

grant select, insert, update on plan_trackings, plan_tasks to cchc_app;
grant select, insert on task_entries to cchc_app;

-- +goose Down
select 'forward only';
