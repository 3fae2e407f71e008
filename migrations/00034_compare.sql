-- +goose Up
-- What one indicator comes to over all units of a campaign, by kind of units:
-- sums of figures of confirmed documents alone, never averages. A ratio is
-- reckoned from the sums of its terms. How many units that are is in
-- document_tallies.
--
-- Confirmations come in bursts, thousands in a minute for one campaign: none of
-- them touches these rows, which would be held by one after the other. Each adds a
-- row to sum_changes, which stands for the figures of its revision; the worker folds
-- them in by the hundred, and readers add what is still outstanding. So a sum is
-- right from the commit that changes it.
create table indicator_sums (
    indicator  text not null,
    campaign   text not null references campaigns,
    unit_group text not null,
    total      numeric not null,
    primary key (indicator, campaign, unit_group)
);
create table sum_changes (
    id          bigint generated always as identity primary key,
    campaign    text not null,
    unit_group  text not null,
    document_id text not null,
    revision    int  not null,
    times       int  not null check (times in (1, -1)) -- the figures are added, or taken away
);
create index sum_changes_campaign on sum_changes (campaign);

-- A document that becomes approved or ceases to be changes the sums in the
-- transaction that moves it, whichever that is; so does a unit's new kind.
-- +goose StatementBegin
create function sum_document() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.stage = 'approved' then
        insert into sum_changes (campaign, unit_group, document_id, revision, times)
        values (old.campaign, old.unit_group, old.id, old.revision, -1);
    end if;
    if new.stage = 'approved' then
        insert into sum_changes (campaign, unit_group, document_id, revision, times)
        values (new.campaign, new.unit_group, new.id, new.revision, 1);
    end if;
    return null;
end
$$;
-- +goose StatementEnd
create trigger document_summed after update on documents for each row
    when ((old.stage = 'approved' or new.stage = 'approved')
        and (old.stage, old.unit_group, old.revision) is distinct from (new.stage, new.unit_group, new.revision))
    execute function sum_document();
create trigger document_summed_in after insert on documents for each row when (new.stage = 'approved') execute function sum_document();

insert into sum_changes (campaign, unit_group, document_id, revision, times)
select campaign, unit_group, id, revision, 1 from documents where stage = 'approved';

grant select, insert, update on indicator_sums to cchc_app;
grant select, insert, delete on sum_changes to cchc_app;

-- +goose Down
select 'forward only';
