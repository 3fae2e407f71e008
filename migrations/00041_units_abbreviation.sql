-- +goose Up
-- The search asks for units by their abbreviation at every query. Among thousands
-- it took longer to make each one small than to look for documents.
create index units_abbreviation on units (lower(abbreviation));

-- +goose Down
select 'forward only';
