-- +goose Up
-- Plans that have been adjusted are found anew: by the table that is carried out now and
-- by the one that was approved.
update search_texts set version = 0
where not own and document_id in (select document_id from plan_adjustments where n is not null);

-- +goose Down
select 'forward only';
