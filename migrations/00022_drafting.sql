-- +goose Up
-- Who has a draft open, and where in it: one row a person and document, renewed
-- about every 20 s while the page is looked at. It is worth nothing after a
-- minute, so it is not logged: a crash may empty it.
create unlogged table presences (
    document_id text        not null references documents,
    person_id   bigint      not null references persons,
    place       text        not null check (length(place) <= 40),
    seen_at     timestamptz not null default clock_timestamp(),
    primary key (document_id, person_id)
) with (fillfactor = 50); -- room to renew a row where it lies

-- Paragraphs that were copied from the report of the period before. While one
-- still stands in the section as it was and nobody has said that it holds, it is
-- shown as not yet brought up to date.
create table draft_copies (
    document_id     text        not null references documents,
    section         text        not null,
    hash            text        not null check (hash ~ '^[0-9a-f]{64}$'), -- of the paragraph's words
    source_document text        not null references documents,
    source_revision int         not null,
    copied_by       bigint      not null references persons,
    copied_at       timestamptz not null default clock_timestamp(),
    confirmed_by    bigint      references persons,
    confirmed_at    timestamptz,
    primary key (document_id, section, hash),
    foreign key (source_document, source_revision) references revisions,
    check ((confirmed_by is null) = (confirmed_at is null))
);

grant select, insert, update, delete on presences to cchc_app;
grant select, insert on draft_copies to cchc_app;
grant update (confirmed_by, confirmed_at) on draft_copies to cchc_app;

-- +goose Down
select 'forward only';
