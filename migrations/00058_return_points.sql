-- +goose Up
-- Plans that have been adjusted are found anew: by the table that is carried out now and
-- by the one that was approved.
update search_texts set version = 0
where not own and document_id in (select document_id from plan_adjustments where n is not null);

-- What a return asks for, point by point (QĐ 1439 art. 8.2). A point counts once its
-- decision is applied; it never changes.
create table return_points (
    id          bigint generated always as identity primary key,
    decision_id bigint not null references decisions,
    place       int not null,       -- in the order of the form, from 1
    field       text not null,      -- of the content, as broken rules name it; empty: all of it
    must        boolean not null,   -- the document is not handed in again before it is answered
    body        text not null check (body <> ''),
    unique (decision_id, place)
);

-- What the unit says it has done about a point. Insert only: the newest counts.
create table point_answers (
    id        bigint generated always as identity primary key,
    key       uuid not null unique, -- from the form: a double click is one answer
    point_id  bigint not null references return_points,
    person_id bigint not null references persons,
    body      text not null check (body <> ''),
    at        timestamptz not null default clock_timestamp()
);
create index point_answers_point on point_answers (point_id, id);

grant select, insert on return_points, point_answers to cchc_app;

-- +goose Down
select 'forward only';
