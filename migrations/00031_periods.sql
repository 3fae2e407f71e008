-- +goose Up
-- The rules of periodic regimes: the data window of each kind of period and when
-- its reports are due. Rows are only ever added. Of those that begin on or before
-- a period's first day the newest is in force; of one day the one added last.
create table period_rules (
    id               bigint generated always as identity primary key,
    key              uuid not null unique default gen_random_uuid(), -- a double click is one rule
    kind             text not null check (kind in ('month', 'quarter', 'half_year', 'nine_months', 'year')),
    valid_from       date not null,               -- for periods that begin from here on
    months_before    int  not null check (months_before between 0 and 3), -- window begins so many months before the period's first
    from_day         int  not null check (from_day between 1 and 31),     -- a day the month lacks is its last
    to_day           int  not null check (to_day between 1 and 31),       -- of the period's last month
    working_days     int  not null check (working_days between 1 and 60), -- of units, after the window
    due_inclusive    boolean not null,
    due_cutoff       int  not null check (due_cutoff between 1 and 1440),
    due_shift        text not null check (due_shift in ('none', 'forward', 'backward')),
    window_source    text not null,
    window_certainty text not null check (window_certainty in ('official', 'expected', 'unverified')),
    due_source       text not null,
    due_certainty    text not null check (due_certainty in ('official', 'expected', 'unverified')),
    reason           text not null default '',
    replaces         bigint unique references period_rules, -- two edits of the same rule cannot both be taken
    edited_by        bigint references persons,             -- null: came with the software
    edited_at        timestamptz not null default clock_timestamp()
);
create unique index period_rules_first on period_rules (kind) where replaces is null;

-- The rule that the campaign's due follows from, with its own period and window;
-- null: the due was set by hand. Where the calendar changes, a due that follows
-- from a rule is computed again.
alter table campaigns add column due_rule bigint references period_rules;

-- Campaigns that come back each period. The row is what an officer wants; the
-- schedule in the workflow engine is made to agree with it.
create table series (
    code         text primary key check (code ~ '^[a-z][a-z0-9-]{1,29}$'),
    key          uuid not null unique,         -- a double click is one series
    name         text not null,                -- the campaign's name without its period
    form         text not null,                -- its newest version is taken at each launch
    period_kind  text not null check (period_kind in ('month', 'quarter', 'half_year', 'nine_months', 'year')),
    groups       text[] not null,              -- units of these kinds,
    added        text[] not null default '{}', -- these too,
    left_out     text[] not null default '{}', -- and these not
    lead_days    int  not null check (lead_days between 0 and 90), -- calendar days before the window's end
    active       boolean not null default true,
    active_since timestamptz not null,         -- what would have been proposed before is not caught up
    version      int  not null default 1,
    edited_by    bigint not null references persons,
    edited_at    timestamptz not null
);

-- A campaign that is to be launched: one a series and period, until an officer
-- launches or dismisses it.
create table campaign_proposals (
    id          bigint generated always as identity primary key,
    series      text not null references series,
    period      text not null,
    window_from date not null,
    window_to   date not null,
    due_at      timestamptz not null,
    units       int  not null, -- of the roster as it was then,
    unmanned    int  not null, -- of them those with a desk that nobody holds,
    notices     int  not null, -- and what would be sent until the due at most
    proposed_at timestamptz not null,
    state       text not null default 'open' check (state in ('open', 'launched', 'dismissed')),
    campaign    text references campaigns,
    decided_by  bigint references persons,
    decided_at  timestamptz,
    reason      text not null default '',
    unique (series, period),
    check ((state = 'open') = (decided_at is null)),
    check ((state = 'launched') = (campaign is not null))
);
create index campaign_proposals_open on campaign_proposals (proposed_at) where state = 'open';

grant select, insert on period_rules to cchc_app;
grant select, insert, update on series to cchc_app;
grant select, insert on campaign_proposals to cchc_app;
grant update (state, campaign, decided_by, decided_at, reason) on campaign_proposals to cchc_app;

-- +goose Down
select 'forward only';
