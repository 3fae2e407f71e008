-- +goose Up
-- The outline of an ad hoc campaign is a form version that nothing else uses. That is
-- said here and no longer told by its code, which is now the campaign's own. Those
-- of before keep theirs, "dx-<campaign>".
alter table form_versions add column campaign_only boolean not null default false;
update form_versions v set campaign_only = true
where exists (select from campaigns c where c.kind = 'ad_hoc' and c.form = v.form and 'dx-' || c.code = v.form);

-- +goose Down
select 'forward only';
