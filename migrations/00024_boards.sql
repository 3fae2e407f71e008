-- +goose Up

-- How a document stands to its first due (QĐ 1439 Đ8.1a, Đ8.2): a function of
-- stored columns alone, the same rule as document.PunctualityOf.
alter table documents add column punctuality text generated always as (
    case when stage = 'exempt' then 'exempt'
         when first_signed_at is null then 'missing'
         when first_signed_at >= unit_due_at then 'late'
         when returns > 0 then 'on_time_returned'
         else 'on_time' end) stored;

-- Boards and the dashboard count whole campaigns: the index carries everything
-- that is counted, so that a campaign is one range of it and the table is left
-- alone.
drop index documents_board;
create index documents_board on documents (campaign, status, due_at)
    include (unit_code, punctuality, returns, stage, desk_since, extended_at, closed_at);
-- Whether anybody is still waited for: does not grow with what is done.
create index documents_awaited on documents (campaign, unit_code) where closed_at is null;
-- Choosing campaigns by kind and period, newest first.
create index campaigns_recent on campaigns (launched_at desc, code);

-- Why a document is overdue, as the unit or an officer says. Insert only: the
-- newest one holds, the earlier ones stay.
create table overdue_causes (
    id          bigint generated always as identity primary key,
    key         uuid not null unique, -- from the form: a double click is one note
    document_id text not null references documents,
    text        text not null check (text <> ''),
    person_id   bigint not null references persons,
    role        text not null,
    unit_code   text not null references units,
    noted_at    timestamptz not null default clock_timestamp()
);
create index overdue_causes_document on overdue_causes (document_id, id desc);

-- What one click on "remind" did, unit by unit.
create table reminder_runs (
    key       uuid primary key, -- from the form: a double click is one run
    campaign  text not null references campaigns,
    person_id bigint not null references persons,
    run_at    timestamptz not null,
    results   jsonb not null
);

grant select, insert on overdue_causes, reminder_runs to cchc_app;

-- +goose Down
select 'forward only';
