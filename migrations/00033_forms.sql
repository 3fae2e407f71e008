-- +goose Up
-- Who published a version, on which document's word, and why; null and empty for
-- the versions that ship with the software. The key makes a double click one
-- version. What is published never changes: the programs may only insert.
alter table form_versions
    add column published_by bigint references persons,
    add column guidance     text not null default '', -- number and date of the guidance document
    add column note         text not null default '',
    add column publish_key  uuid unique;

-- A form while it is edited: one at a time for each form. Its newest save is the
-- draft; the earlier ones stay, so that it is seen who has changed what, and what
-- a later save was based on.
create table form_drafts (
    id         bigint generated always as identity primary key,
    form       text not null check (form ~ '^[a-z][a-z0-9-]{1,39}$'),
    based_on   int  not null default 0, -- the version it began as; 0: empty
    started_by bigint not null references persons,
    started_at timestamptz not null default clock_timestamp(),
    version    int  not null default 1, -- of the newest save
    closed_at  timestamptz,
    closed_by  bigint references persons,
    published  int,                     -- the version it became; null: it was given up
    check ((closed_at is null) = (closed_by is null))
);
create unique index form_drafts_open on form_drafts (form) where closed_at is null;

create table form_draft_saves (
    draft_id bigint not null references form_drafts,
    version  int  not null check (version > 0),
    content  jsonb not null, -- domain/form.Version, however unfinished
    saved_by bigint not null references persons,
    saved_at timestamptz not null default clock_timestamp(),
    primary key (draft_id, version)
);

-- Versions that are no longer offered when a campaign is launched. Campaigns that
-- use them go on; who retired and restored them is in the audit.
create table retired_form_versions (
    form       text not null,
    version    int  not null,
    reason     text not null check (reason <> ''),
    retired_by bigint not null references persons,
    retired_at timestamptz not null default clock_timestamp(),
    primary key (form, version),
    foreign key (form, version) references form_versions
);

-- How the indicators of one version continue in the next (QĐ 1439 Đ10.2), as it
-- was confirmed when the next was published: domain/form.MapRow.
create table indicator_maps (
    form         text not null,
    from_version int  not null,
    to_version   int  not null,
    from_code    text not null, -- '': a new indicator
    to_code      text not null, -- '': a retired one
    breaks       boolean not null default false,
    note         text not null default '',
    primary key (form, to_version, from_code, to_code),
    foreign key (form, from_version) references form_versions,
    foreign key (form, to_version) references form_versions,
    check (from_code <> '' or to_code <> '')
);

grant select, insert, update on form_drafts to cchc_app;
grant select, insert on form_draft_saves, indicator_maps to cchc_app;
grant select, insert, delete on retired_form_versions to cchc_app;

-- +goose Down
select 'forward only';
