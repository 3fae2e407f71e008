-- +goose Up
-- A ranking reads sums and not every mark of the city. They are kept by triggers, in the
-- transaction that gives a mark or takes a survey over: no reader sees a mark without its
-- sum. The digests tell of what cancels out in the sums.

-- What the marks of a self-assessment come to, in hundredths of a point.
create table index_sums (
    document_id text primary key references appraisals,
    campaign    text   not null references campaigns,
    appraised   int    not null default 0,    -- points of what applies
    out         int    not null default 0,    -- most points of what does not
    scored      int    not null default 0,    -- criteria
    missing     text[] not null default '{}', -- those without a mark
    digest      text   not null default ''    -- of every mark
);
create index index_sums_campaign on index_sums (campaign);

-- What the opinions on a unit come to. Points follow by a rule of the set, which the
-- programs apply: null says that the opinions have changed since, and are to be read.
create table survey_sums (
    campaign  text not null references campaigns,
    unit_code text not null references units,
    points    int,
    missing   text[],                         -- criteria that nobody answered
    digest    text not null default '',       -- of every opinion
    primary key (campaign, unit_code),
    check ((points is null) = (missing is null))
);

-- +goose StatementBegin
create function sum_scores_of(ids text[]) returns void language plpgsql as $$
begin
    -- Whoever sums the same documents meanwhile is waited for, and read afterwards.
    insert into index_sums (document_id, campaign) select document_id, campaign from appraisals where document_id = any(ids) order by 1 on conflict do nothing;
    perform 1 from index_sums where document_id = any(ids) order by document_id for no key update;
    update index_sums t set (appraised, out, scored, missing, digest) = (
        select coalesce(sum(s.final) filter (where not s.final_out), 0), coalesce(sum(s.most) filter (where s.final_out), 0), count(*),
               coalesce(array_agg(s.criterion order by s.place) filter (where s.final is null), '{}'),
               md5(coalesce(string_agg(concat_ws(':', s.criterion, coalesce(s.self, -1), s.self_out, coalesce(s.first, -1), s.first_out, coalesce(s.second, -1), s.second_out), ' ' order by s.criterion), ''))
        from index_scores s where s.document_id = t.document_id)
    where t.document_id = any(ids);
end
$$;
create function sum_scores() returns trigger language plpgsql as $$
begin
    perform sum_scores_of(ids) from (select array_agg(distinct document_id) as ids from changed) c where ids is not null;
    return null;
end
$$;
create function sum_opinions() returns trigger language plpgsql as $$
begin
    insert into survey_sums (campaign, unit_code) select distinct campaign, unit_code from changed order by 1, 2 on conflict do nothing;
    perform 1 from survey_sums where (campaign, unit_code) in (select campaign, unit_code from changed) order by campaign, unit_code for no key update;
    update survey_sums t set points = null, missing = null, digest = (
        select md5(coalesce(string_agg(concat_ws(':', o.criterion, o.respondents, o.mean, o.answers), ' ' order by o.criterion, o.respondents), ''))
        from survey_opinions o where o.campaign = t.campaign and o.unit_code = t.unit_code)
    where (t.campaign, t.unit_code) in (select campaign, unit_code from changed);
    return null;
end
$$;
-- +goose StatementEnd
create trigger scores_summed_in after insert on index_scores referencing new table as changed for each statement execute function sum_scores();
create trigger scores_summed after update on index_scores referencing new table as changed for each statement execute function sum_scores();
create trigger scores_summed_out after delete on index_scores referencing old table as changed for each statement execute function sum_scores();
create trigger opinions_summed_in after insert on survey_opinions referencing new table as changed for each statement execute function sum_opinions();
create trigger opinions_summed after update on survey_opinions referencing new table as changed for each statement execute function sum_opinions();
create trigger opinions_summed_out after delete on survey_opinions referencing old table as changed for each statement execute function sum_opinions();

-- What is there already is summed as any other change is.
select sum_scores_of(array_agg(document_id)) from appraisals;
update survey_opinions set answers = answers;

-- Which kinds of units are ranked together, and what the groups are called, is edited by
-- the authority: rows are added and never changed, and the newest one holds. A group
-- without a name has the software's own.
create table rank_groupings (
    id        bigint generated always as identity primary key,
    key       uuid unique,                    -- from the form; null: came with the software
    groups    jsonb not null,                 -- domain/par.RankGroups
    reason    text  not null default '',
    replaces  bigint unique references rank_groupings,
    edited_by bigint references persons,
    edited_at timestamptz not null default clock_timestamp()
);
insert into rank_groupings (groups)
select jsonb_agg(jsonb_build_object('kind', unit_group, 'code', rank_group)
                 order by array_position(array['department', 'ward', 'commune', 'special_zone'], unit_group)) from rank_groups;
drop table rank_groups;

-- Groups of a publication keep the name and the place that they had.
alter table published_groups add column name text not null default '', add column place int not null default 0;
update published_groups set place = 1 where rank_group <> 'departments';

-- Bonuses and penalties are listed by unit too, and page by page.
create index score_extras_list on score_extras (campaign, (withdrawn_at is not null), id desc);

grant select, insert, update on index_sums, survey_sums to cchc_app;
grant select, insert on rank_groupings to cchc_app;

-- +goose Down
select 'forward only';
