-- +goose Up
-- Boards over the tasks of all plans: by status, by who leads them, by month. A
-- task's status stands nowhere. What stands is as far as it follows from the task
-- alone; whether an open one is overdue by now is asked of the reader's instant.

-- What a task is counted by. The lead is the city's unit that the plan names, or
-- else the plan's own. The month is that of the deadline as the plan says it, before
-- days off move it: a quarter that ends on a Sunday stays in its year.
alter table plan_tasks
    add column lead_unit text,
    add column lead_group text,
    add column lead_name text generated always as (coalesce(task #>> '{lead,name}', '')) stored,
    add column field text generated always as (coalesce(task ->> 'field', '')) stored,
    add column month text generated always as (
        case when task ->> 'deadline' ~ '^\d{4}-\d\d-\d\d$' then left(task ->> 'deadline', 7)
             when task ->> 'deadline' ~ '^\d{4}m\d\d$' then left(task ->> 'deadline', 4) || '-' || right(task ->> 'deadline', 2)
             when task ->> 'deadline' ~ '^\d{4}q[1-4]$'
                 then left(task ->> 'deadline', 4) || '-' || lpad((right(task ->> 'deadline', 1)::int * 3)::text, 2, '0')
             else '' end) stored, -- yyyy-mm; empty: no day is named
    add column until timestamptz generated always as (coalesce(ends_at, 'infinity')) stored,
    add column closed boolean generated always as (done_on is not null or cancelled_at is not null) stored,
    -- plan.StatusOf without the instant.
    add column state text generated always as (
        case when cancelled_at is not null then 'cancelled'
             when done_on > last_day then 'done_late'
             when done_on is not null then 'done_in_time'
             when started_at is not null then 'in_progress'
             else 'not_started' end) stored;

-- +goose StatementBegin
create function lead_task() returns trigger language plpgsql as $$
begin
    new.lead_unit := coalesce(nullif(new.task #>> '{lead,unit}', ''), new.unit_code);
    new.lead_group := coalesce((select unit_group from units where code = new.lead_unit), '');
    return new;
end
$$;
create or replace function regroup_documents() returns trigger language plpgsql as $$
begin
    update documents set unit_group = new.unit_group where unit_code = new.code;
    update plan_tasks set lead_group = new.unit_group where lead_unit = new.code;
    return null;
end
$$;
-- +goose StatementEnd
update plan_tasks t
set lead_unit = coalesce(nullif(t.task #>> '{lead,unit}', ''), t.unit_code),
    lead_group = coalesce((select unit_group from units u where u.code = coalesce(nullif(t.task #>> '{lead,unit}', ''), t.unit_code)), '');
alter table plan_tasks alter column lead_unit set not null, alter column lead_group set not null;
create trigger task_led before insert or update of task, unit_code on plan_tasks for each row execute function lead_task();

-- A board's rows in their order: what is open first, the nearest deadline on top;
-- what is narrowed by is in the index.
create index plan_tasks_board on plan_tasks (campaign, closed, until, document_id, key) include (state, field, month, lead_unit, lead_group, unit_code);
create index plan_tasks_month on plan_tasks (campaign, month, closed, until, document_id, key) include (state, field, lead_unit, lead_group, unit_code);
create index plan_tasks_lead on plan_tasks (campaign, lead_unit, closed, until, document_id, key) include (state, field, month, lead_group, unit_code);
create index plan_tasks_led on plan_tasks (lead_unit);
drop index plan_tasks_campaign;
create index plan_tasks_unit on plan_tasks (campaign, unit_code) include (state, field, month, until, closed, lead_group);

-- How many tasks of a campaign are alike in all that boards count by: rows that are
-- only ever added, as document_tallies are, and put together by the worker.
create table task_tallies (
    campaign   text not null,
    unit_group text not null,        -- of the lead
    field      text not null,
    month      text not null,
    until      timestamptz not null, -- from here on overdue, while open
    state      text not null,
    n          int not null,
    settled    boolean not null default false
);
create index task_tallies_campaign on task_tallies (campaign);
create index task_tallies_fresh on task_tallies (campaign) where not settled;
-- What task_tallies sum to, counted.
create view counted_tasks as
    select campaign, lead_group as unit_group, field, month, case when closed then 'infinity' else until end as until, state, count(*)::int as n
    from plan_tasks group by 1, 2, 3, 4, 5, 6;

-- The tasks of each plan by who leads them. The ends of open tasks are kept in
-- order, so that width_bucket tells how many of them lie behind an instant.
create table plan_leads (
    document_id  text not null references plan_trackings,
    lead_unit    text not null,
    campaign     text not null,
    unit_code    text not null,  -- the plan's
    unit_group   text not null,  -- of the lead
    not_started  int not null,   -- open ones whether overdue or not
    in_progress  int not null,
    done_in_time int not null,
    done_late    int not null,
    cancelled    int not null,
    not_started_until timestamptz[] not null,
    in_progress_until timestamptz[] not null,
    primary key (document_id, lead_unit)
);
create index plan_leads_campaign on plan_leads (campaign, document_id);
create view counted_leads as
    select document_id, lead_unit, campaign, unit_code, lead_group as unit_group,
           (count(*) filter (where state = 'not_started'))::int as not_started,
           (count(*) filter (where state = 'in_progress'))::int as in_progress,
           (count(*) filter (where state = 'done_in_time'))::int as done_in_time,
           (count(*) filter (where state = 'done_late'))::int as done_late,
           (count(*) filter (where state = 'cancelled'))::int as cancelled,
           coalesce(array_agg(ends_at order by ends_at) filter (where state = 'not_started' and ends_at is not null), '{}') as not_started_until,
           coalesce(array_agg(ends_at order by ends_at) filter (where state = 'in_progress' and ends_at is not null), '{}') as in_progress_until
    from plan_tasks group by 1, 2, 3, 4, 5;

-- Whatever writes tasks holds their document's row, so that nobody counts the same
-- plan beside it.
-- +goose StatementBegin
create function tally_tasks() returns trigger language plpgsql as $$
declare
    touched text[];
begin
    if tg_op = 'INSERT' then
        touched := array(select distinct document_id from added);
        insert into task_tallies (campaign, unit_group, field, month, until, state, n)
        select campaign, lead_group, field, month, case when closed then 'infinity' else until end, state, count(*)
        from added group by 1, 2, 3, 4, 5, 6;
    elsif tg_op = 'DELETE' then
        touched := array(select distinct document_id from gone);
        insert into task_tallies (campaign, unit_group, field, month, until, state, n)
        select campaign, lead_group, field, month, case when closed then 'infinity' else until end, state, -count(*)
        from gone group by 1, 2, 3, 4, 5, 6;
    else
        touched := array(select distinct document_id from added);
        insert into task_tallies (campaign, unit_group, field, month, until, state, n)
        select campaign, lead_group, field, month, case when closed then 'infinity' else until end, state, sum(n)
        from (select *, 1 as n from added union all select *, -1 from gone) t
        group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0;
    end if;
    delete from plan_leads where document_id = any(touched);
    insert into plan_leads select * from counted_leads where document_id = any(touched);
    return null;
end
$$;
-- +goose StatementEnd
create trigger tasks_tallied_in after insert on plan_tasks referencing new table as added
    for each statement execute function tally_tasks();
create trigger tasks_tallied after update on plan_tasks referencing old table as gone new table as added
    for each statement execute function tally_tasks();
create trigger tasks_tallied_out after delete on plan_tasks referencing old table as gone
    for each statement execute function tally_tasks();

insert into task_tallies select *, true from counted_tasks;
insert into plan_leads select * from counted_leads;

-- Which indicators of which form the living plans know (QĐ 1439 Đ9; reports 1.1 to
-- 1.3): their figures are offered to whoever writes the report, never typed for them.
create table indicator_sources (
    form      text not null,
    indicator text not null,
    source    text not null check (source in ('plan_tasks', 'plan_done')),
    primary key (form, indicator)
);
insert into indicator_sources (form, indicator, source) values
    ('bc-cchc-quy', '1.1', 'plan_tasks'), ('bc-cchc-quy', '1.2', 'plan_done');

grant select, insert, delete on task_tallies, plan_leads to cchc_app;
grant select on indicator_sources, counted_leads to cchc_app;

-- +goose Down
select 'forward only';
