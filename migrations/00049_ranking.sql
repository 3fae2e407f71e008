-- +goose Up
-- Which kinds of units are ranked together (departments apart from wards). A kind
-- that has no row is ranked by itself.
create table rank_groups (
    unit_group text primary key,
    rank_group text not null
);
insert into rank_groups (unit_group, rank_group) values
    ('department', 'departments'), ('ward', 'communes'), ('commune', 'communes'), ('special_zone', 'communes');

-- Workbooks with survey results that an officer has handed in. What would change is
-- shown first; errors go back in the same workbook. Those that were taken over stay, as
-- what the results rest on.
create table survey_imports (
    id          bigint generated always as identity primary key,
    campaign    text        not null references campaigns,
    hash        text        not null references files,
    name        text        not null,
    uploaded_by bigint      not null references persons,
    uploaded_at timestamptz not null default clock_timestamp(),
    applied_by  bigint references persons,
    applied_at  timestamptz,            -- newest time; null: never taken over
    unique (campaign, hash),
    check ((applied_by is null) = (applied_at is null))
);

-- What groups of respondents think of a unit, a row a criterion and group.
create table survey_opinions (
    campaign    text not null references campaigns,
    unit_code   text not null references units,
    criterion   text not null,
    respondents text not null,           -- domain/par.Group code
    mean        int  not null check (mean between 0 and 1000000), -- ten-thousandths of a percent of the best
    answers     int  not null check (answers >= 0),               -- 0: nobody was reached
    import_id   bigint not null references survey_imports,
    primary key (campaign, unit_code, criterion, respondents)
);

-- Bonuses and penalties, in hundredths of a point. A row is never changed but by taking
-- it back with a reason.
create table score_extras (
    id              bigint generated always as identity primary key,
    key             uuid not null unique,  -- from the form: a double click is one row
    campaign        text not null references campaigns,
    unit_code       text not null references units,
    kind            text not null check (kind in ('bonus', 'penalty')),
    points          int  not null check (points > 0),
    reason          text not null check (reason <> ''),
    document_number text not null,
    issued_on       date not null,
    title           text not null,
    file_hash       text references files,
    file_name       text not null default '',
    added_by        bigint not null references persons,
    added_at        timestamptz not null default clock_timestamp(),
    withdrawn_by    bigint references persons,
    withdrawn_at    timestamptz,
    withdrawn_why   text not null default '',
    check ((withdrawn_by is null) = (withdrawn_at is null))
);
create index score_extras_campaign on score_extras (campaign, unit_code, id);

-- A published result never changes. A correction is the next publication of the same
-- campaign, with its reason. What is published is what was on the officer's screen:
-- digest is over all of it.
create table index_publications (
    campaign     text not null references campaigns,
    number       int  not null check (number > 0),
    key          uuid not null unique,     -- from the form: a double click is one publication
    form         text not null,
    form_version int  not null,            -- of the set of criteria
    digest       text not null,
    units        int  not null,            -- in the result
    ranked       int  not null,            -- of them with a rank
    decision     text not null,            -- number of the decision that announces it
    decided_on   date not null,
    title        text not null,            -- of the decision
    file_hash    text not null references files,
    file_name    text not null,
    reason       text not null default '', -- of a correction
    published_by bigint not null references persons,
    published_at timestamptz not null,
    primary key (campaign, number),
    foreign key (form, form_version) references form_versions,
    check (number = 1 or reason <> '')
);
create index index_publications_form on index_publications (form, campaign, number desc);

-- The result of one unit in a publication, with every number that it follows from.
-- Points are hundredths.
create table published_results (
    campaign      text not null,
    publication   int  not null,
    unit_code     text not null references units,
    unit_name     text not null,           -- as it was called
    name_key      text not null,           -- folded
    rank_group    text not null,
    document_id   text not null references documents,
    revision      int  not null,           -- the appraised one; 0: nothing was handed in
    appraised     int  not null,
    surveyed      int  not null,
    out           int  not null,           -- most points of what does not apply
    scaled        int  not null,
    bonus_asked   int  not null,
    bonus         int  not null,
    penalty_asked int  not null,
    penalty       int  not null,
    total         int  not null,
    class         text not null,
    rank          int,                     -- null: not final, hence without a rank
    of_units      int  not null,
    shared        int  not null,
    missing       text[] not null,         -- criteria without points
    fields        jsonb not null,          -- domain/par.FieldSum[]
    surveys       jsonb not null,          -- points by criterion
    opinions      jsonb not null,          -- what they follow from
    scores        jsonb not null,          -- the marks of every appraised criterion
    extras        jsonb not null,          -- bonuses and penalties, each with its document
    primary key (campaign, publication, unit_code),
    foreign key (campaign, publication) references index_publications
);
create index published_results_list on published_results (campaign, publication, rank_group, rank, unit_code);

-- How a group of units stands in a publication, for comparing.
create table published_groups (
    campaign    text not null,
    publication int  not null,
    rank_group  text not null,
    units       int  not null,
    ranked      int  not null,
    mean_total  int  not null,             -- of those with a rank
    fields      jsonb not null,            -- domain/par.FieldMean[]
    classes     jsonb not null,            -- how many have which class
    primary key (campaign, publication, rank_group),
    foreign key (campaign, publication) references index_publications
);

grant select on rank_groups to cchc_app;
grant select, insert, update on survey_imports, survey_opinions to cchc_app;
grant select, insert on score_extras, index_publications, published_results, published_groups to cchc_app;
grant update (withdrawn_by, withdrawn_at, withdrawn_why) on score_extras to cchc_app;

-- +goose Down
select 'forward only';
