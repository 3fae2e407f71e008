-- +goose Up

-- An appraiser's queue is read in its own order, of all fields or of one: a page of it
-- costs a page, however many units wait.
drop index appraisal_fields_queue;
create index appraisal_fields_queue on appraisal_fields (appraiser, due_at, document_id, place) where finished_at is null;
create index appraisal_fields_of_field on appraisal_fields (appraiser, field, due_at, document_id) where finished_at is null;

-- +goose Down
select 'forward only';
