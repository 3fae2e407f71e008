-- +goose Up
-- When the software stopped, what was told about it and by whose word (QĐ 1439
-- Đ11.5). Nothing here tells how an outage is judged: domain/outage does.

-- How outages are judged and handled. Rows are only ever added; the newest is in force.
create table outage_rules (
    id             bigint generated always as identity primary key,
    key            uuid not null unique default gen_random_uuid(), -- a double click is one rule
    rule           jsonb not null,                                 -- domain/outage.Rule
    it_unit        text not null,                                  -- code of the unit that runs IT; it need not be there yet
    approval_hours int not null check (approval_hours between 1 and 240), -- of office time, from the draft
    site_url       text not null default '',                       -- the authority's own site, where the notice also stands
    hotline        text not null default '',                       -- whom units call while the software is away
    reason         text not null default '',
    replaces       bigint unique references outage_rules,          -- two edits of the same rule cannot both be taken
    edited_by      bigint references persons,                      -- null: came with the software
    edited_at      timestamptz not null default clock_timestamp()
);
create unique index outage_rules_first on outage_rules ((replaces is null)) where replaces is null;

-- The rule that comes with the software: outage.DefaultRule.
insert into outage_rules (rule, it_unit, approval_hours) values (
    '{"days": 2, "count": "hours", "office": [{"opens": 450, "closes": 690}, {"opens": 780, "closes": 1020}],
      "confirm": 600000000000, "recovery": 1800000000000, "announce": 86400000000000, "lead": 3}', 'SKHCN', 4);

-- Which program was last heard when. A beat that comes late leaves a gap, out of
-- which an outage is opened.
create table heartbeats (
    program text primary key check (program in ('server', 'worker', 'watch')),
    at      timestamptz not null
);
create table heartbeat_gaps (
    id      bigint generated always as identity primary key,
    program text not null,
    from_at timestamptz not null, -- the last beat before
    to_at   timestamptz not null, -- the first one after
    settled boolean not null default false, -- an outage was opened of it, or none was due
    check (to_at > from_at)
);
create index heartbeat_gaps_fresh on heartbeat_gaps (id) where not settled;
create index heartbeat_gaps_at on heartbeat_gaps (to_at desc);

-- Maintenance that was announced. What is announced early enough excuses
-- (outage.Rule.Announce).
create table maintenance_windows (
    id           bigint generated always as identity primary key,
    key          uuid not null unique, -- from the form
    from_at      timestamptz not null,
    to_at        timestamptz not null,
    purpose      text not null check (purpose <> ''),
    announced_at timestamptz not null,
    announced_by bigint not null references persons,
    cancelled_at timestamptz,
    cancelled_by bigint references persons,
    cancel_reason text not null default '',
    check (to_at > from_at),
    check ((cancelled_at is null) = (cancelled_by is null))
);
create index maintenance_windows_at on maintenance_windows (to_at) where cancelled_at is null;

-- An outage, or the risk of one. The workflow "outage-<id>" follows the row; a wake
-- in the past is what the relay goes by, also to start it.
create table outages (
    id           bigint generated always as identity primary key,
    key          uuid not null unique,    -- from the form; of a gap or a report derived
    kind         text not null check (kind in ('outage', 'risk')),
    source       text not null check (source in ('watch', 'gap', 'hand')), -- who opened it
    began_at     timestamptz not null,
    ended_at     timestamptz,             -- usable again (a risk: it has passed)
    expected_at  timestamptz,             -- usable again, as is hoped; shown to units
    what         text not null default '', -- what happened, in an officer's words
    advice       text not null default '', -- what units are to do meanwhile
    rule         bigint not null references outage_rules, -- by which it is judged; the newest until it is over
    mark_at      timestamptz,             -- the notice is due (outage.Rule.Mark); null: never, or not reckoned yet
    -- Confirmed: an officer says that it was one. From then on clocks stand still for
    -- it (outage.Rule.Standing) and deadlines may be extended.
    confirmed_at timestamptz,
    confirmed_by bigint references persons, -- null beside confirmed_at: by an officer's word at the watcher
    dismissed_at timestamptz,             -- it was none
    dismissed_by bigint references persons,
    dismissed_for text not null default '',
    opened_by    bigint references persons, -- by hand
    opened_at    timestamptz not null,
    closed_at    timestamptz,             -- its workflow has nothing more to do
    closing      text check (closing in ('quiet', 'noticed', 'dismissed', 'withdrawn')), -- how it ended
    version      int not null default 1,  -- of what officers edit
    rung_at      timestamptz not null,    -- walked up to here
    wake_at      timestamptz,             -- when the workflow is expected next; null: only when told
    relay_at     timestamptz,
    relay_failures int not null default 0,
    run_id       text not null default '',
    check (ended_at is null or ended_at >= began_at),
    check (not (confirmed_at is not null and dismissed_at is not null)),
    check ((closed_at is null) = (closing is null))
);
create index outages_open on outages (id) where closed_at is null;
create index outages_wake on outages (wake_at) where wake_at is not null;
create index outages_began on outages (began_at desc);
create index outages_confirmed on outages (began_at) where confirmed_at is not null and kind = 'outage';

-- The timeline of an outage. Insert only.
create table outage_events (
    id        bigint generated always as identity primary key,
    outage_id bigint not null references outages,
    key       text not null unique, -- a second try of the same event is no event
    at        timestamptz not null,
    event     text not null,
    person_id bigint references persons,
    unit_code text,
    detail    jsonb not null default '{}'
);
create index outage_events_outage on outage_events (outage_id, id);

-- What units are told: the notice (of an outage or of a risk), the all-clear, and
-- what became of deadlines. The notice waits for the words of both departments; once
-- published none of them changes.
create table outage_notices (
    id           bigint generated always as identity primary key,
    outage_id    bigint not null references outages,
    kind         text not null check (kind in ('notice', 'all_clear', 'deadlines')),
    version      int not null default 1,       -- of the draft; an edit voids the words given
    number       text not null default '',     -- "12/TB-SNV"
    title        text not null,
    paragraphs   jsonb not null,               -- of texts
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'), -- of number, title and paragraphs
    ended        boolean not null default false, -- it says that the outage is over
    needs        text[] not null default '{}', -- whose words it waits for: authority, it
    drafted_at   timestamptz not null,
    due_at       timestamptz not null,         -- they are asked for until then
    edited_by    bigint references persons,    -- null: as drafted by the software
    edited_at    timestamptz,
    pdf_hash     text references files,
    published_at timestamptz,
    withdrawn_at timestamptz,
    taken_over   boolean not null default false, -- the separate watcher published it
    told         boolean not null default false, -- the notices to units' people are written
    posted       boolean not null default false, -- page, feed and files on disk show it
    check (published_at is null or withdrawn_at is null)
);
create unique index outage_notices_once on outage_notices (outage_id, kind) where kind <> 'deadlines' and withdrawn_at is null;
create index outage_notices_of on outage_notices (outage_id, id);
create index outage_notices_published on outage_notices (published_at desc) where published_at is not null;
create index outage_notices_waiting on outage_notices (due_at) where published_at is null and withdrawn_at is null;

-- The word of each department about a version of a draft. Insert only.
create table outage_words (
    id           bigint generated always as identity primary key,
    key          uuid not null unique,    -- from the form; of one given at the watcher derived
    notice_id    bigint not null references outage_notices,
    version      int not null,
    content_hash text not null,
    party        text not null check (party in ('authority', 'it')),
    verdict      text not null check (verdict in ('approve', 'return')),
    reason       text not null default '',
    person_id    bigint references persons, -- null: given at the watcher
    name         text not null,
    role         text not null default '',
    unit_code    text not null default '',
    road         text not null default 'page' check (road in ('page', 'link', 'command')),
    at           timestamptz not null,
    check ((person_id is null) = (road <> 'page'))
);
create unique index outage_words_once on outage_words (notice_id, version, party);

-- What the separate watcher told when the software was back. Insert only.
create table outage_reports (
    id          bigint generated always as identity primary key,
    watch_id    text not null,  -- its name for the outage; several may tell of one
    version     int not null,   -- the watcher's; an older one that comes late is passed over
    outage_id   bigint references outages, -- null: planned maintenance
    report      jsonb not null, -- domain/outage.Report
    received_at timestamptz not null,
    unique (watch_id, version)
);
create index outage_reports_outage on outage_reports (outage_id);

grant select, insert on outage_rules, heartbeat_gaps, maintenance_windows, outage_events, outage_words, outage_reports to cchc_app;
grant select, insert, update on heartbeats, outages, outage_notices to cchc_app;
grant update (settled) on heartbeat_gaps to cchc_app;
grant update (cancelled_at, cancelled_by, cancel_reason) on maintenance_windows to cchc_app;

-- +goose Down
select 'forward only';
