-- +goose Up
-- Exact counts that do not grow with history: what is closed is summed, what is
-- open is counted. Sums are rows that are only ever added, one more or one less at
-- a time, by the transaction that closes, reopens or changes a closed document. So
-- nobody waits for anybody, and every snapshot sums to what it sees. The worker
-- settles them now and then: it puts one row in the place of many.

-- A document carries its unit's group, so that counting by group joins nothing.
alter table documents add column unit_group text;
update documents d set unit_group = u.unit_group from units u where u.code = d.unit_code;
alter table documents alter column unit_group set not null,
    add column closed boolean generated always as (closed_at is not null) stored;

-- +goose StatementBegin
create function group_document() returns trigger language plpgsql as $$
begin
    new.unit_group := (select unit_group from units where code = new.unit_code);
    return new;
end
$$;
create function regroup_documents() returns trigger language plpgsql as $$
begin
    update documents set unit_group = new.unit_group where unit_code = new.code;
    return null;
end
$$;
-- +goose StatementEnd
create trigger document_grouped before insert on documents
    for each row execute function group_document();
create trigger unit_regrouped after update of unit_group on units
    for each row when (old.unit_group <> new.unit_group) execute function regroup_documents();

-- Boards: a campaign is one range, what is open stands first in it, the longest
-- held on top, and everything that is counted or narrowed by is in the index.
drop index documents_board;
create index documents_board on documents (campaign, closed, desk_since, unit_code)
    include (stage, status, unit_group, punctuality, due_at, extended_at, returns);
drop index documents_awaited; -- the same range
create index documents_late on documents (campaign, unit_code) where punctuality = 'late';
create index units_name on units (name collate "vi-x-icu", code);

create table document_tallies (
    campaign    text not null,
    unit_group  text not null,
    status      text not null,
    punctuality text not null,
    extended    boolean not null,
    returned    boolean not null, -- by the authority, at least once
    n           int not null,
    settled     boolean not null default false
);
create index document_tallies_campaign on document_tallies (campaign);
create index document_tallies_fresh on document_tallies (campaign) where not settled;
-- What document_tallies sum to, counted.
create view closed_documents as
    select campaign, unit_group, status, punctuality, extended_at is not null as extended, returns > 0 as returned, count(*)::int as n
    from documents where closed group by 1, 2, 3, 4, 5, 6;
insert into document_tallies select *, true from closed_documents;

-- The same of what each person has decided on.
create table handled_tallies (
    person_id bigint not null,
    unit_code text not null,
    status    text not null,
    n         int not null,
    settled   boolean not null default false
);
create index handled_tallies_person on handled_tallies (person_id, unit_code) include (status, n);
create index handled_tallies_fresh on handled_tallies (person_id) where not settled;
create view closed_handled as
    select person_id, unit_code, status, count(*)::int as n from handled where not open group by 1, 2, 3;
insert into handled_tallies select *, true from closed_handled;
drop index handled_open;
create index handled_open on handled (person_id, document_id) include (unit_code, status) where open;
create index handled_campaign on handled (person_id, campaign, at, document_id) include (unit_code, status);

-- +goose StatementBegin
create function tally_document() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.closed then
        insert into document_tallies (campaign, unit_group, status, punctuality, extended, returned, n)
        values (old.campaign, old.unit_group, old.status, old.punctuality, old.extended_at is not null, old.returns > 0, -1);
    end if;
    if tg_op <> 'DELETE' and new.closed then
        insert into document_tallies (campaign, unit_group, status, punctuality, extended, returned, n)
        values (new.campaign, new.unit_group, new.status, new.punctuality, new.extended_at is not null, new.returns > 0, 1);
    end if;
    return null;
end
$$;
create function tally_handled() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and not old.open then
        insert into handled_tallies (person_id, unit_code, status, n) values (old.person_id, old.unit_code, old.status, -1);
    end if;
    if tg_op <> 'DELETE' and not new.open then
        insert into handled_tallies (person_id, unit_code, status, n) values (new.person_id, new.unit_code, new.status, 1);
    end if;
    return null;
end
$$;
-- +goose StatementEnd
-- A move from one open stage to another costs nothing here.
create trigger document_tallied after update on documents for each row
    when ((old.closed or new.closed)
        and (old.closed, old.campaign, old.unit_group, old.status, old.punctuality, old.extended_at is not null, old.returns > 0)
            is distinct from (new.closed, new.campaign, new.unit_group, new.status, new.punctuality, new.extended_at is not null, new.returns > 0))
    execute function tally_document();
create trigger document_tallied_in after insert on documents for each row when (new.closed) execute function tally_document();
create trigger document_tallied_out after delete on documents for each row when (old.closed) execute function tally_document();
create trigger handled_tallied after update on handled for each row
    when (not (old.open and new.open)
        and (old.open, old.person_id, old.unit_code, old.status) is distinct from (new.open, new.person_id, new.unit_code, new.status))
    execute function tally_handled();
create trigger handled_tallied_in after insert on handled for each row when (not new.open) execute function tally_handled();
create trigger handled_tallied_out after delete on handled for each row when (not old.open) execute function tally_handled();

grant select, insert, delete on document_tallies, handled_tallies to cchc_app;

-- +goose Down
select 'forward only';
