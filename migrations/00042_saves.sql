-- +goose Up
-- Whether a draft may be written over now: its document's row is taken, as every
-- writing transaction takes it, and then looked at. Each statement here sees what
-- had been committed when it began, so a submission that was stored while the row
-- was waited for is seen; a single statement of SQL would look at what it saw
-- before it waited. A document that nobody has started is not "open": the first
-- line ever written does more than write.
-- +goose StatementBegin
create function take_open_draft(document text) returns boolean volatile language plpgsql as $$
begin
    perform from documents where id = document and stage = 'drafting' and started for no key update;
    if not found then
        return false;
    end if;
    perform from decisions where document_id = document and outcome is null and action = 'submit';
    return not found;
end
$$;
-- +goose StatementEnd

-- Whose session it is, so that a request reads its session and its person at once.
-- Null: a session of an earlier release, or of nobody.
alter table sessions add column person_id bigint references persons;

-- Nobody has ever read these: a revision's content holds its figures. Writing them,
-- each checked against its revision, was a third of what a submission cost here.
drop table revision_figures;

-- +goose Down
select 'forward only';
