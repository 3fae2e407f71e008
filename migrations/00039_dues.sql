-- +goose Up
-- A unit asks for more time. The row is asked once and ends once: granted by a
-- decision "extend" that is bound to it, declined, or withdrawn (by the unit, or by
-- itself when the unit needs it no longer).
create table extension_requests (
    id          bigint generated always as identity primary key,
    key         uuid not null unique, -- from the form: a double click is one request
    document_id text not null references documents,
    campaign    text not null references campaigns, -- the document's
    unit_code   text not null references units,     -- the document's
    person_id   bigint not null references persons,
    role        text not null,
    reason      text not null check (reason <> ''),
    due_at      timestamptz not null, -- as it stood when this was asked
    until       timestamptz not null, -- the last allowed instant that is wanted
    asked_at    timestamptz not null,
    outcome     text check (outcome in ('granted', 'declined', 'withdrawn')),
    answer      text not null default '',          -- the authority's reason
    answered_by bigint references persons,         -- null: it ended by itself
    answered_at timestamptz,
    check ((outcome is null) = (answered_at is null))
);
-- One open request a document.
create unique index extension_requests_one_open on extension_requests (document_id) where outcome is null;
create index extension_requests_open on extension_requests (campaign, until, id) where outcome is null;
create index extension_requests_document on extension_requests (document_id, id);

-- An extension may be the answer to a request, and a request has one: a second
-- decision for it can only be a refused one.
alter table decisions add column request_id bigint references extension_requests;
create unique index decisions_request on decisions (request_id)
    where request_id is not null and (outcome is null or outcome = 'applied');

-- One click of an officer that answers many requests, and what became of each. The
-- rows are written first and answered one by one, so that a crash between two
-- leaves the rest to be answered.
create table extension_batches (
    key       uuid primary key, -- from the form: a double click is one batch
    person_id bigint not null references persons,
    unit_code text not null references units,
    role      text not null,
    verdict   text not null check (verdict in ('grant', 'decline')),
    reason    text not null,
    made_at   timestamptz not null,
    done_at   timestamptz
);
create index extension_batches_undone on extension_batches (made_at) where done_at is null;
create table extension_batch_items (
    batch       uuid not null references extension_batches,
    request_id  bigint not null references extension_requests,
    n           int not null,            -- its place in the list
    until       timestamptz,             -- grant: the new last allowed instant
    outcome     text check (outcome in ('taken', 'refused')),
    broken      jsonb not null default '[]', -- rule.Errors of a refusal
    decision_id bigint references decisions, -- grant
    primary key (batch, request_id)
);

-- Reopened by the authority after it was approved: how often and when last. What
-- other periods compare with stays the revision that was approved last.
alter table documents
    add column reopened          int not null default 0,
    add column reopened_at       timestamptz,
    add column approved_revision int not null default 0;
update documents set approved_revision = revision where stage = 'approved';
create index documents_reopened on documents (campaign, unit_code) where reopened > 0;

grant select, insert on extension_requests, extension_batches, extension_batch_items to cchc_app;
grant update (outcome, answer, answered_by, answered_at) on extension_requests to cchc_app;
grant update (done_at) on extension_batches to cchc_app;
grant update (outcome, broken, decision_id) on extension_batch_items to cchc_app;

-- +goose Down
select 'forward only';
