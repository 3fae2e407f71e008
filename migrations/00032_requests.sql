-- +goose Up
-- What asks for an ad hoc report (QĐ 1439 Đ7.2): the requesting document, and the
-- time allowed as it was asked (NĐ 09/2019 Đ8.5c). Such a campaign has no period:
-- campaigns.period is ''. Its outline is a form version of its own, "dx-<campaign>".
create table campaign_requests (
    campaign  text primary key references campaigns,
    number    text not null check (number <> ''), -- of the requesting document
    issued_on date not null,
    issuer    text not null check (issuer <> ''),
    title     text not null check (title <> ''),
    span      text not null default '' check (span in ('', 'hours', 'days', 'working_days')), -- '': a day and an hour
    count     int  not null default 0,
    file_hash text references files,              -- the requesting document itself
    file_name text not null default '',
    check ((span = '') = (count = 0))
);

-- The file of a request that is being laid down, by the key of its launch: it is
-- taken up when the campaign is launched.
create table request_files (
    launch_key uuid primary key,
    hash       text not null references files,
    name       text not null,
    added_by   bigint not null references persons,
    added_at   timestamptz not null default clock_timestamp()
);

grant select, insert on campaign_requests to cchc_app;
grant select, insert, update, delete on request_files to cchc_app;

-- +goose Down
select 'forward only';
