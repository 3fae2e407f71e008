-- +goose Up
-- What the appraisal of a campaign's self-assessments goes by (QD 1439 art. 8.3, 15.2).
-- Each round has so many working days from its beginning, and ends no earlier than the
-- day that is named for it. Campaigns launched before have the usual numbers.
create table appraisal_schedules (
    campaign     text primary key references campaigns,
    first_days   int not null check (first_days between 1 and 250),
    first_on     date,                      -- last day for all; null: the days alone
    explain_days int not null check (explain_days between 1 and 250),
    explain_on   date,
    second_days  int not null check (second_days between 1 and 250),
    second_on    date,
    ladder       jsonb not null,            -- domain/period.Ladder against the end of each round
    version      int not null default 1,
    updated_by   bigint not null references persons,
    updated_at   timestamptz not null default clock_timestamp()
);
insert into appraisal_schedules (campaign, first_days, explain_days, second_days, ladder, updated_by)
select code, 20, 5, 10, '[
    {"code": "before_3", "working_days": -3, "to": ["holder"], "repeat": false},
    {"code": "before_1", "working_days": -1, "to": ["holder", "division_head"], "repeat": false},
    {"code": "due", "working_days": 0, "to": ["holder"], "repeat": false},
    {"code": "after_1", "working_days": 1, "to": ["holder", "division_head"], "repeat": false},
    {"code": "after_3", "working_days": 3, "to": ["director", "authority_officer"], "repeat": false},
    {"code": "after_10", "working_days": 10, "to": ["holder", "director", "authority_head"], "repeat": false}]', launched_by from campaigns where kind = 'index';

-- The appraisal of one self-assessment, from its hand-in on: which round it is in, until
-- when, how far its reminders have been walked, and when its workflow is expected next. A
-- wake in the past is what the relay goes by, also to start a workflow that does not run.
create table appraisals (
    document_id    text primary key references documents,
    campaign       text not null references campaigns, -- the document's
    unit_code      text not null references units,     -- the document's
    revision       int  not null,            -- the signed one that is appraised
    stage          text not null default 'first' check (stage in ('first', 'explaining', 'second', 'done')),
    round_at       timestamptz not null,     -- when the present stage began
    due_at         timestamptz,              -- end of the present round's time; null: done
    extended       boolean not null default false, -- the authority gave the present round more time than the schedule does
    published_at   timestamptz,              -- of the newest publication that holds its scores
    rung_at        timestamptz not null,
    wake_at        timestamptz,
    relay_at       timestamptz,
    relay_failures int not null default 0,
    run_id         text not null default '',
    created_at     timestamptz not null,
    ended_at       timestamptz,              -- done; null again when it is opened again
    foreign key (document_id, revision) references revisions,
    check ((stage = 'done') = (ended_at is not null)),
    check ((stage = 'done') = (due_at is null))
);
create index appraisals_campaign on appraisals (campaign, stage, due_at);
-- Those that live, for an edit of calendar or schedule.
create index appraisals_open on appraisals (campaign) where ended_at is null;
create index appraisals_explaining on appraisals (unit_code) where stage = 'explaining';
create index appraisals_wake on appraisals (wake_at) where wake_at is not null;

-- Who appraises which field of whom, and how far they are in the round that waits for
-- them. A field nobody has to look at in the second round stays finished.
create table appraisal_fields (
    document_id text not null references appraisals,
    field       text not null,               -- domain/par.Field code
    campaign    text not null references campaigns,
    unit_code   text not null references units, -- the document's
    appraiser   text not null references units, -- never the document's unit, unless that is the authority
    place       int  not null,               -- the field's place in the set, from 1
    todo        int  not null,               -- criteria to be marked in the present round
    marked      int  not null default 0,     -- of them marked
    due_at      timestamptz not null,        -- the appraisal's
    finished_at timestamptz,                 -- null: it waits for the appraiser
    primary key (document_id, field),
    check (marked between 0 and todo)
);
create index appraisal_fields_queue on appraisal_fields (appraiser, due_at, document_id, field) where finished_at is null;
create index appraisal_fields_finished on appraisal_fields (appraiser, finished_at desc) where finished_at is not null;
create index appraisal_fields_campaign on appraisal_fields (campaign, appraiser, field);

-- The scores of a self-assessment, a row a criterion that units answer (none of surveys),
-- in hundredths of a point. Null: no score. Out: the criterion does not apply, and its
-- points are 0. Self is frozen at hand-in; first and second are the newest marks of their
-- round; final is what counts, and null until somebody has appraised it.
create table index_scores (
    document_id text not null references appraisals,
    criterion   text not null,
    campaign    text not null references campaigns,
    unit_code   text not null references units, -- the document's
    field       text not null,
    place       int  not null,               -- in the set, from 1
    most        int  not null,               -- the criterion's most points
    self        int,
    self_out    boolean not null default false,
    first       int,
    first_out   boolean not null default false,
    second      int,
    second_out  boolean not null default false,
    final       int generated always as (coalesce(second, first)) stored,
    final_out   boolean generated always as (case when second is not null then second_out else first_out end) stored,
    asked       boolean not null default true,  -- to be marked in the present round: all, then those explained or opened again
    marked      boolean not null default false, -- and it has been
    primary key (document_id, criterion),
    foreign key (document_id, field) references appraisal_fields,
    check (self between 0 and most and first between 0 and most and second between 0 and most),
    check (second is null or first is not null)
);
create index index_scores_campaign on index_scores (campaign, document_id) include (criterion, most, final, final_out);

-- Every mark that was ever given. Insert only: the newest of a round counts, and none is
-- given once the field is finished.
create table appraisal_marks (
    id          bigint generated always as identity primary key,
    key         uuid not null,               -- from the form: a double click is one mark a criterion
    document_id text not null,
    criterion   text not null,
    round       int  not null check (round in (1, 2)),
    points      int  not null,
    out         boolean not null default false,
    reason      text not null default '',
    person_id   bigint not null references persons,
    role        text not null,
    unit_code   text not null references units, -- the appraiser's
    at          timestamptz not null,        -- by the database's clock
    unique (key, document_id, criterion),
    foreign key (document_id, criterion) references index_scores
);
create index appraisal_marks_criterion on appraisal_marks (document_id, criterion, id);

-- What the unit answers to the first marks while it writes: one row a criterion, each
-- with a version. Sending freezes them into a step.
create table draft_explanations (
    document_id text not null,
    criterion   text not null,
    body        text not null,
    version     int  not null default 1,
    updated_by  bigint not null references persons,
    updated_at  timestamptz not null default clock_timestamp(),
    primary key (document_id, criterion),
    foreign key (document_id, criterion) references index_scores
);
create table explanation_files (
    document_id text not null,
    criterion   text not null,
    hash        text not null references files,
    name        text not null,
    added_by    bigint not null references persons,
    added_at    timestamptz not null default clock_timestamp(),
    primary key (document_id, criterion, hash),
    foreign key (document_id, criterion) references index_scores
);

-- What happened to an appraisal, in order: people's steps and those of time. Insert only,
-- but for the answer to an explanation that came too late, which is given once.
create table appraisal_steps (
    id          bigint generated always as identity primary key,
    key         text not null unique,        -- from the form: a second click is no step
    document_id text not null references appraisals,
    action      text not null,               -- domain/appraisal.Action
    field       text,                        -- finish: the field
    person_id   bigint references persons,   -- null: by time
    role        text not null default '',
    unit_code   text references units,
    from_stage  text not null,
    to_stage    text not null,
    reason      text not null default '',
    content     jsonb,                       -- explain: domain/appraisal.Explanation[]
    content_hash text not null default '',
    detail      jsonb not null default '{}',
    at          timestamptz not null,        -- by the database's clock
    late        boolean not null default false, -- explain: after its time
    answered_by bigint references appraisal_steps -- late: the step that took or refused it
);
create index appraisal_steps_document on appraisal_steps (document_id, id);
create unique index appraisal_steps_one_late on appraisal_steps (document_id) where late and answered_by is null;

-- Self-assessments that were handed in before there were appraisals: the worker begins them.
create index documents_handed_in on documents (id) where stage = 'handed_in';

grant select, insert, update on appraisal_schedules, appraisals, appraisal_fields, index_scores, draft_explanations to cchc_app;
grant select, insert on appraisal_marks to cchc_app;
grant select, insert, delete on explanation_files to cchc_app;
grant select, insert on appraisal_steps to cchc_app;
grant update (answered_by) on appraisal_steps to cchc_app;

-- +goose Down
select 'forward only';
