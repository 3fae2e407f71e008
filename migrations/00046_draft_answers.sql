-- +goose Up
-- What a unit answers to the criteria of the index while it assesses itself: one row a
-- criterion, each with a version, so that two people can work side by side and a
-- conflict is seen. A submission freezes the answers into the revision's content, like
-- everything else that is written.
create table draft_answers (
    document_id text   not null references documents,
    criterion   text   not null,
    answer      jsonb  not null,        -- domain/par.Answer
    version     int    not null default 1,
    updated_by  bigint not null references persons,
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (document_id, criterion)
);

grant select, insert, update on draft_answers to cchc_app;

-- +goose Down
select 'forward only';
