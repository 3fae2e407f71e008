-- +goose Up
-- Account administrators search people by name without diacritics.
create index persons_name on persons (name_key);
-- The header asks for a person's positions at every request.
create index positions_in_force on positions (person_id, valid_from, valid_to);
-- Audit rows are read by person and by action, newest first.
create index audit_person on audit (person_id, at desc);
create index audit_action on audit (action, at desc);

-- +goose Down
select 'forward only';
