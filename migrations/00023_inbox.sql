-- +goose Up
-- Who has decided on which document: one row a person and document, kept by the
-- transactions that write decisions and documents. "Handled" and "followed" are
-- counted and narrowed from the indexes of this table alone, however many
-- decisions there have been.
create table handled (
    document_id text not null references documents,
    person_id   bigint not null references persons,
    at          timestamptz not null, -- receipt of their newest applied decision
    unit_code   text not null,        -- this and the rest: of the document
    campaign    text not null,
    status      text not null,
    open        boolean not null,
    primary key (document_id, person_id)
);
insert into handled (document_id, person_id, at, unit_code, campaign, status, open)
select d.id, x.person_id, max(x.received_at), d.unit_code, d.campaign, d.status, d.closed_at is null
from decisions x join documents d on d.id = x.document_id
where x.outcome = 'applied'
group by d.id, x.person_id;
create index handled_newest on handled (person_id, at, document_id) include (unit_code, campaign, status);
create index handled_open on handled (person_id, document_id) where open;

-- +goose StatementBegin
create function note_handled() returns trigger language plpgsql as $$
begin
    insert into handled (document_id, person_id, at, unit_code, campaign, status, open)
    select d.id, new.person_id, new.received_at, d.unit_code, d.campaign, d.status, d.closed_at is null
    from documents d where d.id = new.document_id
    on conflict (document_id, person_id) do update set at = greatest(handled.at, excluded.at);
    return null;
end
$$;
create function follow_document() returns trigger language plpgsql as $$
begin
    update handled set status = new.status, open = new.closed_at is null where document_id = new.id;
    return null;
end
$$;
-- +goose StatementEnd
create trigger decision_handled after insert or update of outcome on decisions
    for each row when (new.outcome = 'applied') execute function note_handled();
create trigger document_followed after update on documents
    for each row when (old.status <> new.status) execute function follow_document();

-- A desk's open tasks are counted and put in order from the index.
drop index tasks_desk;
create index tasks_desk on tasks (unit_code, role, due_at, document_id) where closed_at is null;
create index documents_open on documents (unit_code, due_at, id) where closed_at is null;
create index documents_returned on documents (unit_code, due_at, id) where status = 'returned';

-- A person's saved filters of "my tasks".
create table saved_views (
    id         bigint generated always as identity primary key,
    person_id  bigint not null references persons,
    name       text not null check (name <> ''),
    name_key   text not null,                  -- in lower case: names differ by more than that
    query      text not null,                  -- parameters of the list, in one order
    home       boolean not null default false, -- opened as the person's first page
    created_at timestamptz not null default clock_timestamp(),
    unique (person_id, name_key)
);
create unique index saved_views_home on saved_views (person_id) where home;

grant select, insert, update on handled to cchc_app;
grant select, insert, update, delete on saved_views to cchc_app;

-- +goose Down
select 'forward only';
