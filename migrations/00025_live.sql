-- +goose Up
-- Open pages are told that something they show has changed. A notification says
-- which document ("d:" and its id), or, where one statement touches many, which
-- campaign ("c:" and its code): a launch of 4,000 units is one notification.
-- Whoever hears it reads the rows with their own rights.
--
-- Every visible change of a document is a line of its history or the answer to a
-- decision; both usually come in one transaction, whose alike notifications are
-- sent once. Drafts in writing are not told: autosave must stay cheap.
-- +goose StatementBegin
create function notify_history() returns trigger language plpgsql as $$
begin
    if (select count(*) from (select distinct document_id from fresh limit 21) few) <= 20 then
        perform pg_notify('live', 'd:' || document_id) from (select distinct document_id from fresh) one;
    else
        perform pg_notify('live', 'c:' || campaign)
        from (select distinct d.campaign from fresh f join documents d on d.id = f.document_id) one;
    end if;
    return null;
end
$$;
-- +goose StatementEnd
create trigger history_live after insert on history
    referencing new table as fresh for each statement execute function notify_history();

-- +goose StatementBegin
create function notify_answer() returns trigger language plpgsql as $$
begin
    perform pg_notify('live', 'd:' || new.document_id);
    return null;
end
$$;
-- +goose StatementEnd
create trigger decision_live after update of outcome on decisions
    for each row when (new.outcome is not null) execute function notify_answer();

-- +goose StatementBegin
create function notify_campaign() returns trigger language plpgsql as $$
begin
    perform pg_notify('live', 'c:' || new.code);
    return null;
end
$$;
-- +goose StatementEnd
create trigger campaign_live after update of started_at on campaigns
    for each row when (old.started_at is distinct from new.started_at) execute function notify_campaign();

-- When a person closed the guided first look; null: it is still shown to them.
alter table persons add column first_look_closed_at timestamptz;

-- +goose Down
select 'forward only';
