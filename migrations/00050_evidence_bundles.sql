-- +goose Up
-- How many files a document of each kind may carry, and how many bytes together. A
-- self-assessment proves some sixty criteria; its files leave as one ZIP of less than
-- 4 GiB.
create table file_limits (
    kind  text   primary key check (kind in ('report', 'ad_hoc', 'plan', 'index')),
    files int    not null check (files between 1 and 1000),
    bytes bigint not null check (bytes between 1048576 and 4000000000)
);
insert into file_limits (kind, files, bytes) values
    ('report', 30, 629145600), ('ad_hoc', 30, 629145600), ('plan', 30, 629145600), ('index', 300, 1073741824);

-- The one evidence file of a self-assessment (QD 1439 8.3a), a row a submission. It is
-- not kept as bytes: its entries name kept files by their hash, and the ZIP that they
-- make is the same at any time, byte for byte. The row comes with the submission; the
-- entries, the size and the hash of the whole follow once, when all files have been
-- read, and never change.
create table evidence_bundles (
    document_id text        not null,
    revision    int         not null,
    entries     jsonb,                              -- [{name, hash, size, crc}], in their order
    hash        text        check (hash ~ '^[0-9a-f]{64}$'),
    size        bigint      check (size > 0),
    sealed_at   timestamptz,
    tries       int         not null default 0,
    retry_at    timestamptz not null default clock_timestamp(),
    problem     text        not null default '',    -- why the last try failed
    primary key (document_id, revision),
    foreign key (document_id, revision) references revisions,
    check ((sealed_at is null) = (hash is null) and (sealed_at is null) = (size is null) and (sealed_at is null) = (entries is null))
);
create index evidence_bundles_unsealed on evidence_bundles (retry_at) where sealed_at is null;

-- Self-assessments that were submitted before.
insert into evidence_bundles (document_id, revision)
select r.document_id, r.revision from revisions r join documents d on d.id = r.document_id where d.kind = 'index';

-- They are found by what they explain too: what they are found by is made anew.
update search_texts set version = 0
where document_id in (select id from documents where kind = 'index');

grant select on file_limits to cchc_app;
grant select, insert on evidence_bundles to cchc_app;
grant update (entries, hash, size, sealed_at, tries, retry_at, problem) on evidence_bundles to cchc_app;

-- +goose Down
select 'forward only';
