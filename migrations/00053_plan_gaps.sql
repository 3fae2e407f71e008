-- +goose Up
-- Plans that have been adjusted are found anew, by the table that is carried out now.
update search_texts set version = 0
where not own and document_id in (select document_id from plan_adjustments where n is not null);

-- The city's own plan of a campaign may be named after its launch.
grant update (city_unit) on campaigns to cchc_app;

-- Workbooks that nobody took over are forgotten after a while.
grant delete on plan_imports to cchc_app;

-- An indicator that plans know is named by the code that one version of its form has;
-- in other versions it stands where the versions' mappings lead.
alter table indicator_sources add column version int not null default 1;
alter table indicator_sources alter column version drop default;

-- A unit that becomes another kind takes along what other units' plans have it lead.
-- As everybody who writes tasks, this holds their documents' rows first.
-- +goose StatementBegin
create or replace function regroup_documents() returns trigger language plpgsql as $$
begin
    perform from documents
    where unit_code = new.code or id in (select document_id from plan_tasks where lead_unit = new.code)
    order by id for no key update;
    update documents set unit_group = new.unit_group where unit_code = new.code;
    update plan_tasks set lead_group = new.unit_group where lead_unit = new.code;
    return null;
end
$$;
-- +goose StatementEnd

-- +goose Down
select 'forward only';
