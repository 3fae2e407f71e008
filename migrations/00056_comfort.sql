-- +goose Up
-- What appraisers have typed and not given as marks yet: one row a criterion, kept after a
-- pause in typing. It was typed over the newest mark of its round; a newer one makes it
-- moot, so that giving marks has nothing to clear away here.
create table draft_marks (
    document_id text not null,
    criterion   text not null,
    round       int  not null check (round in (1, 2)),
    seen        bigint not null,             -- appraisal_marks id that stood then; 0: none
    points      text not null,               -- as typed: what is no number yet is kept too
    out         boolean not null,
    agree       boolean not null,            -- what stands is to be taken over
    reason      text not null,
    version     int  not null default 1,
    updated_by  bigint not null references persons,
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (document_id, criterion),
    foreign key (document_id, criterion) references index_scores
);
grant select, insert, update on draft_marks to cchc_app;

-- The steps by which people are reminded, of each kind of work, as administrators lay them
-- down: rows are added and never changed, the newest of a kind holds. A kind without a row
-- goes by what came with the software (domain/reminder).
create table reminder_ladders (
    kind      text not null check (kind in ('report', 'confirm', 'task', 'adjustment', 'appraisal')),
    version   int  not null check (version > 0),
    key       uuid not null unique,          -- from the form: a double click is one edit
    ladder    jsonb not null,                -- domain/period.Ladder
    reason    text not null,
    running   boolean not null,              -- what was under way by the ladder before follows it too
    followed  int  not null,                 -- campaigns under way that it was laid down for
    edited_by bigint not null references persons,
    edited_at timestamptz not null default clock_timestamp(),
    primary key (kind, version)
);
grant select, insert on reminder_ladders to cchc_app;
grant update (ladder, confirm_ladder) on campaigns to cchc_app;

-- +goose Down
select 'forward only';
