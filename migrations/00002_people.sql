-- +goose Up
create table persons (
    id                 bigint generated always as identity primary key,
    username           text not null unique check (username = lower(username)),
    name               text not null,
    name_key           text not null,
    mail               text not null default '',
    password_hash      text not null default '', -- argon2id; empty until activated
    state              text not null default 'invited' check (state in ('invited', 'active', 'closed')),
    must_change        boolean not null default false, -- issued by someone else: change at next sign-in (QD 1439 14.1)
    activation_hash    text,                           -- SHA-256 of the one-time code
    activation_expires timestamptz,
    failed_attempts    int not null default 0,
    locked_until       timestamptz,
    confirmed_at       timestamptz,                    -- the unit last confirmed this entry (QD 1439 7.1)
    created_at         timestamptz not null default clock_timestamp()
);
create index persons_activation on persons (activation_hash) where activation_hash is not null;

create table positions (
    id         bigint generated always as identity primary key,
    person_id  bigint not null references persons,
    unit_code  text not null references units,
    role       text not null,
    valid_from timestamptz not null default clock_timestamp(),
    valid_to   timestamptz,
    check (valid_to is null or valid_to >= valid_from)
);
create index positions_desk on positions (unit_code, role);
create index positions_person on positions (person_id);
create unique index positions_once on positions (person_id, unit_code, role) where valid_to is null;

-- The cookie holds a random token; the table only its SHA-256.
create table sessions (
    token_hash bytea primary key,
    data       bytea not null,
    expires_at timestamptz not null
);
create index sessions_expires on sessions (expires_at);

-- Sign-ins, refusals, downloads, account changes: who, what, from where.
create table audit (
    id        bigint generated always as identity primary key,
    at        timestamptz not null default clock_timestamp(),
    person_id bigint references persons,
    username  text not null default '',
    action    text not null,
    object    text not null default '',
    detail    jsonb not null default '{}',
    address   text not null default '',
    request   text not null default ''
);
create index audit_at on audit (at);

grant select, insert, update on persons, positions to cchc_app;
grant select, insert, update, delete on sessions to cchc_app;
grant select, insert on audit to cchc_app;

-- +goose Down
select 'forward only';
