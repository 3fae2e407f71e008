-- +goose Up
-- What the mail queue asks of notices and mails.

-- A later rung for the same person and document makes an earlier one moot.
create index notices_document on notices (document_id, person_id, id);

-- Has this person had a digest today?
create index mails_person on mails (person_id, created_at);

-- What the account administrators must mend: addresses that were refused.
create index mails_failed on mails (created_at) where state = 'failed';

-- +goose Down
select 'forward only';
