-- +goose Up
-- What orders a marked day, and the other day of a swapped pair.
alter table holidays
    add column legal_number text not null default '',
    add column legal_date   date,
    add column pair         date;

-- Every edit of the calendar, in order: what was changed and how many dues moved.
-- The number is the calendar's version: an edit is of the version that its editor
-- has seen, and two edits of the same one cannot both be taken. Insert only.
create table calendar_changes (
    version   int primary key check (version > 0),
    key       uuid not null unique, -- from the form: a double click is one edit
    person_id bigint not null references persons,
    at        timestamptz not null,
    change    jsonb not null,       -- domain/calendar.Change
    campaigns int not null,         -- whose own due moved
    documents int not null          -- whose due moved
);

grant select, insert on calendar_changes to cchc_app;
grant update (due_day, due_at) on campaigns to cchc_app;

-- +goose Down
select 'forward only';
