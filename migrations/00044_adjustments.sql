-- +goose Up
-- An approved plan changes by a document that orders it. One row an adjustment: the
-- order, where it lies, and once it is in force the table before and after it, so that
-- every version of the plan can be read with its differences.
create table plan_adjustments (
    id           bigint generated always as identity primary key,
    key          uuid not null unique,      -- from the form: a double click is one adjustment
    document_id  text not null references plan_trackings,
    campaign     text not null references campaigns, -- the document's
    unit_code    text not null references units,     -- the document's
    n            int,                       -- counts those of the plan that came into force, from 1
    stage        text not null default 'drafting'
                 check (stage in ('drafting', 'division_review', 'authority_review', 'approved', 'discarded')),
    returned     boolean not null default false,     -- it came back, and lies at the unit
    version      int not null default 1,    -- of the order as it is written
    number       text not null default '',
    issued_on    date,
    issuer       text not null default '',
    title        text not null default '',
    file_hash    text references files,
    file_name    text not null default '',
    submitter    bigint references persons, -- who submitted it last
    content_hash text not null default '',  -- of what was submitted last
    revision     int,                       -- in force: the approved revision that it changes
    before       jsonb,                     -- in force: domain/plan.Task[] before
    after        jsonb,                     -- in force: domain/plan.Task[] after
    held_since   timestamptz not null,      -- at its desk
    created_at   timestamptz not null,
    ended_at     timestamptz,               -- in force, or given up
    check ((stage = 'approved') = (n is not null)),
    check ((n is null) = (after is null) and (n is null) = (before is null) and (n is null) = (revision is null)),
    check ((stage in ('approved', 'discarded')) = (ended_at is not null))
);
-- One open adjustment a plan: two at once would overtake each other.
create unique index plan_adjustments_one_open on plan_adjustments (document_id) where ended_at is null;
create index plan_adjustments_open on plan_adjustments (stage, unit_code, held_since) where ended_at is null;
create unique index plan_adjustments_document on plan_adjustments (document_id, id);

-- What an adjustment does to each task.
create table adjusted_tasks (
    adjustment_id bigint not null references plan_adjustments,
    key           text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,39}$'), -- the task's
    kind          text not null check (kind in ('added', 'changed', 'removed')),
    task          jsonb not null,   -- domain/plan.Task as it is to be; of a removed one as it is
    reason        text not null default '',
    dropped       boolean not null default false, -- left as it is after all; keeps its version
    version       int not null default 1,
    updated_by    bigint not null references persons,
    updated_at    timestamptz not null default clock_timestamp(),
    primary key (adjustment_id, key)
);

-- Who did what with an adjustment. Insert only.
create table adjustment_steps (
    id            bigint generated always as identity primary key,
    key           uuid not null unique,     -- from the form
    adjustment_id bigint not null references plan_adjustments,
    action        text not null,
    person_id     bigint not null references persons,
    role          text not null,
    unit_code     text not null references units,
    from_stage    text not null,
    to_stage      text not null,
    reason        text not null default '',
    content_hash  text not null default '',
    at            timestamptz not null      -- by the database's clock
);
create index adjustment_steps_adjustment on adjustment_steps (adjustment_id, id);

-- Which unit's plan is the city's own, whose tasks those of other units carry out;
-- null: none is. Chosen when the plans are asked for.
alter table campaigns add column city_unit text references units;
-- The task of the city's plan that a unit's task carries out.
alter table plan_tasks add column city_key text generated always as (task ->> 'city') stored;
create index plan_tasks_city on plan_tasks (campaign, city_key) where city_key is not null;

grant select, insert, update on plan_adjustments, adjusted_tasks to cchc_app;
grant select, insert on adjustment_steps to cchc_app;

-- +goose Down
select 'forward only';
