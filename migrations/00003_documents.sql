-- +goose Up
create table campaigns (
    code           text primary key check (code ~ '^[a-z0-9-]+$'), -- part of document ids
    launch_key     uuid not null unique,                           -- a double click is one campaign
    kind           text not null,
    name           text not null,
    form           text not null,
    form_version   int  not null,
    period         text not null,  -- domain/period code, e.g. 2026q4
    window_from    date not null,
    window_to      date not null,
    due_day        date not null,
    due_inclusive  boolean not null default false, -- "truoc ngay" (QD 1439 8.1a) excludes the day itself
    due_cutoff     int not null default 1440 check (due_cutoff between 1 and 1440),
    due_shift      text not null default 'none',
    due_at         timestamptz not null,           -- the last allowed instant, computed from the five above
    ladder         jsonb not null,                 -- domain/period.Ladder against the unit's due instant
    confirm_days   int not null default 2,         -- working days the authority gives itself
    resubmit_days  int not null default 3,         -- working days a returned document gets
    confirm_ladder jsonb not null,
    guidance       text not null default '',       -- number and date of the guidance document (QD 1439 3.6)
    launched_by    bigint not null references persons,
    launched_at    timestamptz not null default clock_timestamp(),
    started_at     timestamptz,                    -- every document's workflow has been started
    check (window_to >= window_from),
    foreign key (form, form_version) references form_versions
);

create table documents (
    id              text primary key, -- <campaign code>-<unit code>, also the workflow's id
    campaign        text not null references campaigns,
    unit_code       text not null references units,
    kind            text not null,
    stage           text not null default 'drafting',
    revision        int  not null default 0,      -- newest frozen revision
    content_hash    text not null default '',     -- of that revision
    started         boolean not null default false, -- a line has been written
    returned        boolean not null default false, -- came back from a review and not submitted again
    status          text generated always as (
                        case when stage <> 'drafting' then stage
                             when returned then 'returned'
                             when not started then 'not_started'
                             else 'drafting' end) stored,
    submitter       bigint references persons,    -- of the newest revision
    unit_due_at     timestamptz not null,         -- the unit's last allowed instant, extensions included
    extended_at     timestamptz,                  -- when it was last extended
    due_at          timestamptz not null,         -- what the present desk is measured against
    desk_since      timestamptz not null,
    first_signed_at timestamptz,                  -- receipt of the first applied signature: on time or not
    returns         int not null default 0,
    rung_at         timestamptz not null,         -- the ladder has been walked up to here
    wake_at         timestamptz,                  -- when the workflow is expected next; null when closed
    relay_at        timestamptz,                  -- the relay may signal again from here on
    relay_failures  int not null default 0,
    run_id          text not null default '',     -- the run that made the newest move
    created_at      timestamptz not null,
    closed_at       timestamptz,
    unique (campaign, unit_code),
    check (stage in ('drafting', 'division_review', 'signing', 'authority_review', 'approved', 'handed_in', 'exempt')),
    check ((closed_at is null) = (stage in ('drafting', 'division_review', 'signing', 'authority_review')))
);
create index documents_board on documents (campaign, status, due_at);
create index documents_unit on documents (unit_code, created_at desc);
create index documents_wake on documents (wake_at) where wake_at is not null;

-- What is being written. One row a section and a figure, each with a version,
-- so that two people can work side by side and a conflict is seen.
create table draft_sections (
    document_id text not null references documents,
    section     text not null,
    body        text not null,
    version     int  not null default 1,
    updated_by  bigint not null references persons,
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (document_id, section)
);
create table draft_figures (
    document_id text not null references documents,
    indicator   text not null,
    value       numeric(20, 4), -- null: blank, which is not zero
    reason      text not null default '',
    version     int  not null default 1,
    updated_by  bigint not null references persons,
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (document_id, indicator)
);

create table files (
    hash       text primary key check (hash ~ '^[0-9a-f]{64}$'),
    size       bigint not null,
    media_type text not null,
    stored_at  timestamptz not null default clock_timestamp()
);
create table draft_files (
    document_id text not null references documents,
    hash        text not null references files,
    name        text not null,
    added_by    bigint not null references persons,
    added_at    timestamptz not null default clock_timestamp(),
    primary key (document_id, hash)
);

-- A frozen revision never changes (QD 1439 8.2: the earlier one stays).
create table revisions (
    document_id  text not null references documents,
    revision     int  not null,
    content      jsonb not null, -- domain/form.Content
    content_hash text not null,
    warnings     jsonb not null default '[]',
    submitted_by bigint not null references persons,
    submitted_at timestamptz not null,
    primary key (document_id, revision)
);
create table revision_figures (
    document_id text not null,
    revision    int  not null,
    indicator   text not null,
    value       numeric(20, 4) not null,
    primary key (document_id, revision, indicator),
    foreign key (document_id, revision) references revisions
);

-- A person's decision: a row first, a signal second. Only outcome, its codes,
-- answered_at and failures may change, and only once each outcome is null.
create table decisions (
    id           bigint generated always as identity primary key,
    key          uuid not null unique, -- from the form: a double click is the same key
    document_id  text not null references documents,
    action       text not null,
    person_id    bigint not null references persons,
    role         text not null,
    unit_code    text not null references units,
    revision     int  not null,
    content_hash text not null,
    reason       text not null default '',
    until        timestamptz,          -- extend: the new last allowed instant
    attempt_id   uuid,                 -- sign: the signing attempt
    received_at  timestamptz not null, -- the legal time, by the database's clock
    failures     int not null default 0,
    outcome      text check (outcome in ('applied', 'refused', 'failed')),
    broken       jsonb not null default '[]', -- rule.Errors of a refusal
    answered_at  timestamptz,
    check ((outcome is null) = (answered_at is null))
);
create index decisions_unanswered on decisions (document_id, id) where outcome is null;
create index decisions_document on decisions (document_id, id);
create index decisions_person on decisions (person_id, received_at desc);

-- The history: what happened to a document, in order. Insert only.
create table history (
    id          bigint generated always as identity primary key,
    document_id text not null references documents,
    key         text not null unique, -- a second try of the same event is no event
    at          timestamptz not null,
    event       text not null,        -- launched, submit, approve, ..., due_passed, reminder_sent, escalated, started
    person_id   bigint references persons,
    role        text not null default '',
    unit_code   text,
    revision    int  not null,
    from_stage  text not null default '',
    to_stage    text not null default '',
    reason      text not null default '',
    detail      jsonb not null default '{}'
);
create index history_document on history (document_id, id);

-- Who is asked for what. One open task a document.
create table tasks (
    id          bigint generated always as identity primary key,
    document_id text not null references documents,
    stage       text not null,
    role        text not null,
    unit_code   text not null references units,
    opened_at   timestamptz not null,
    due_at      timestamptz not null,
    closed_at   timestamptz,
    closed_by   bigint references persons
);
create unique index tasks_one_open on tasks (document_id) where closed_at is null;
create index tasks_desk on tasks (unit_code, role, due_at) where closed_at is null;

-- Numbers of documents: one series a unit and year, never used twice
-- (ND 30/2020 15). A void number stays, as evidence.
create table document_numbers (
    unit_code   text not null references units,
    year        int  not null,
    symbol      text not null,
    number      int  not null check (number > 0),
    document_id text not null references documents,
    revision    int  not null,
    state       text not null check (state in ('assigned', 'preparing', 'issued', 'void')),
    assigned_by bigint not null references persons,
    assigned_at timestamptz not null default clock_timestamp(),
    primary key (unit_code, year, symbol, number)
);
create index document_numbers_document on document_numbers (document_id);

create table signing_attempts (
    id                uuid primary key,
    document_id       text not null references documents,
    revision          int  not null,
    content_hash      text not null,
    person_id         bigint not null references persons,
    number_year       int  not null,
    number_symbol     text not null,
    number            int  not null,
    document_date     date not null,
    state             text not null check (state in ('preparing', 'open', 'signed', 'void')),
    preparation       jsonb,           -- signing.Preparation without the bytes
    prepared_pdf_hash text references files,
    signed_pdf_hash   text references files,
    certificate       jsonb,           -- subject, serial, issuer, validity: what preflight showed
    created_at        timestamptz not null default clock_timestamp(),
    opened_at         timestamptz,
    expires_at        timestamptz,
    ended_at          timestamptz,
    why_void          text not null default ''
);
create unique index signing_one_open on signing_attempts (document_id) where state = 'open';
create index signing_document on signing_attempts (document_id);

-- Notices stand at the bell at once and go out by mail, several in one.
create table mails (
    id         bigint generated always as identity primary key,
    message_id text not null unique,  -- stable over retries
    person_id  bigint not null references persons,
    address    text not null,
    state      text not null default 'queued' check (state in ('queued', 'sent', 'failed', 'dropped')),
    attempts   int  not null default 0,
    next_at    timestamptz not null default clock_timestamp(),
    last_error text not null default '',
    created_at timestamptz not null default clock_timestamp(),
    sent_at    timestamptz
);
create index mails_queue on mails (next_at) where state = 'queued';
create table notices (
    id          bigint generated always as identity primary key,
    key         text not null unique,
    kind        text not null,
    document_id text references documents,
    task_id     bigint references tasks,  -- a closed task drops the notice at send time
    person_id   bigint references persons, -- null: nobody holds the desk
    role        text not null,
    unit_code   text not null references units,
    args        jsonb not null default '{}',
    created_at  timestamptz not null default clock_timestamp(),
    read_at     timestamptz,
    mail_id     bigint references mails,
    mail_state  text not null default 'queued' check (mail_state in ('queued', 'sent', 'failed', 'dropped', 'no_recipient'))
);
create index notices_queue on notices (person_id, id) where mail_state = 'queued';
create index notices_bell on notices (person_id, id desc);
create index notices_lost on notices (id) where mail_state = 'no_recipient';
create index notices_mail on notices (mail_id);

grant select, insert on campaigns, files, revisions, revision_figures, history to cchc_app;
grant update (started_at) on campaigns to cchc_app;
grant select, insert, update on documents, draft_sections, draft_figures, tasks,
    document_numbers, signing_attempts, mails, notices to cchc_app;
grant select, insert, delete on draft_files to cchc_app;
grant select, insert on decisions to cchc_app;
grant update (outcome, broken, answered_at, failures) on decisions to cchc_app;

-- Listeners get ids only; the row is read with the reader's own rights.
-- +goose StatementBegin
create function notify_decision() returns trigger language plpgsql as $$
begin
    perform pg_notify('decision', new.id::text);
    return null;
end
$$;
-- +goose StatementEnd
create trigger decision_answered after update of outcome on decisions
    for each row when (new.outcome is not null) execute function notify_decision();

-- +goose Down
select 'forward only';
