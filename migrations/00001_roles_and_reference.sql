-- +goose Up
-- Two roles: the owner runs migrations, cchc_app is what the programs and the
-- tests connect as. cchc_app has no DDL and may not rewrite history.
-- +goose StatementBegin
do $$
begin
    if not exists (select from pg_roles where rolname = 'cchc_app') then
        create role cchc_app login;
    end if;
exception when duplicate_object or unique_violation then
    null; -- another database of this cluster was migrated at the same moment
end
$$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
begin
    execute format('grant connect on database %I to cchc_app', current_database());
    -- A stuck transaction must never hold a document for longer than a person
    -- would wait: the decision road retries, so it may be cut off.
    execute format('alter role cchc_app in database %I set lock_timeout = ''3s''', current_database());
    execute format('alter role cchc_app in database %I set statement_timeout = ''5s''', current_database());
    execute format('alter role cchc_app in database %I set idle_in_transaction_session_timeout = ''5s''', current_database());
    execute format('alter role cchc_app in database %I set timezone = ''UTC''', current_database());
end
$$;
-- +goose StatementEnd
grant usage on schema public to cchc_app;

create table units (
    code            text primary key check (code ~ '^[A-Z0-9]+$'),
    abbreviation    text not null,
    name            text not null,
    name_key        text not null, -- folded in Go: no diacritics, lower case
    unit_group      text not null check (unit_group in ('department', 'ward', 'commune', 'special_zone')),
    superior        text not null default '',
    agency          text not null,
    signer_capacity text not null,
    symbol          text not null,
    place           text not null,
    valid_from      date not null,
    valid_to        date,
    check (valid_to is null or valid_to >= valid_from)
);

create table holidays (
    date      date primary key,
    kind      text not null check (kind in ('holiday', 'compensatory', 'swapped_off', 'swapped_work')),
    name      text not null,
    certainty text not null check (certainty in ('official', 'expected', 'unverified'))
);

-- A published form version never changes; a campaign pins one.
create table form_versions (
    form         text not null,
    version      int  not null check (version > 0),
    title        text not null,
    content      jsonb not null, -- domain/form.Version
    published_at timestamptz not null default clock_timestamp(),
    primary key (form, version)
);

create table settings (
    key   text primary key,
    value text not null
);

grant select, insert, update on units, holidays, settings to cchc_app;
grant delete on holidays to cchc_app;
grant select, insert on form_versions to cchc_app;

-- +goose Down
select 'forward only';
