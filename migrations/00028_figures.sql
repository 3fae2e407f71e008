-- +goose Up
-- What was found slow at 80,000 documents.

-- The bell in every header: an officer of five years has 80,000 notices, of which
-- a few are unread.
create index notices_unread on notices (person_id) where read_at is null;

-- +goose Down
select 'forward only';
