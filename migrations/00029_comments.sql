-- +goose Up
-- What the unit's own people tell each other beside the document they are
-- writing. Never part of its content; insert only.
create table comments (
    id          bigint generated always as identity primary key,
    key         uuid not null unique, -- from the form: a double click is one comment
    document_id text not null references documents,
    person_id   bigint not null references persons,
    body        text not null check (body <> ''),
    at          timestamptz not null default clock_timestamp()
);
create index comments_document on comments (document_id, id);
grant select, insert on comments to cchc_app;

-- +goose Down
select 'forward only';
