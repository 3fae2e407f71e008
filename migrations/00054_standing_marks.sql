-- +goose Up
-- What stood when a criterion was last asked for: while it is marked once more, that is
-- its score for everybody but its appraisers, and what the new mark is compared with.
alter table index_scores
    add column stood      int,                               -- hundredths; null: nothing did, it was asked for by the hand-in
    add column stood_out  boolean not null default false,    -- it did not apply
    add column stood_mark bigint  not null default 0,        -- the newest mark at that moment: while the criterion is asked for, later ones are being weighed
    add check (stood between 0 and most);
-- Second rounds that are under way: what was marked before they began.
update index_scores s
set stood = m.points, stood_out = m.out, stood_mark = m.id
from (
    select distinct on (x.document_id, x.criterion) x.document_id, x.criterion, x.id, x.points, x.out
    from appraisals a join appraisal_marks x on x.document_id = a.document_id and x.at <= a.round_at
    where a.stage = 'second' order by x.document_id, x.criterion, x.id desc) m
where s.document_id = m.document_id and s.criterion = m.criterion and s.asked;

-- The newest mark of an appraisal, by which a result tells that marks have changed which
-- come to the same sums.
alter table appraisals add column newest_mark bigint not null default 0;
update appraisals a set newest_mark = coalesce((select max(m.id) from appraisal_marks m where m.document_id = a.document_id), 0);

-- A unit whose appraisal was under way when the result was published.
alter table published_results add column open boolean not null default false;
update published_results set open = true where rank is null and missing = '{}' and class <> '';
alter table published_results alter column open drop default;

-- Who gave which workbook stays: the same bytes from somebody else, under another name or
-- after they were taken over, are another import.
alter table survey_imports drop constraint survey_imports_campaign_hash_key;
create unique index survey_imports_waiting on survey_imports (campaign, hash, uploaded_by, name) where applied_at is null;

-- +goose Down
select 'forward only';
