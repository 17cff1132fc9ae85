-- Up Migration

-- A third way to end: a newer version of the object counts, or the object was deleted before it was
-- read. What was scored all the same is kept; else the code says why it was not.
alter table elocute.scoring
  drop constraint scoring_status_check,
  drop constraint scoring_check,
  drop constraint scoring_check1;
alter table elocute.scoring
  add constraint scoring_status check (status in ('completed', 'failed', 'superseded')),
  add constraint scoring_result check (
    case status
      when 'completed' then result is not null
      when 'failed' then result is null
      else true
    end
  ),
  add constraint scoring_failure check ((result is null) = (failure_code is not null));
update elocute.scoring set status = 'superseded'
  where status = 'failed' and failure_code in ('UPLOAD_REPLACED', 'UPLOAD_GONE');

-- Orders versions whose events carry no sequencer.
alter table elocute.scoring add column object_modified_at timestamptz;

-- Padded, so that sequencers of one key compare as text; what is no hex number orders nothing. No
-- check holds it, because workers of the version before still write them as they come.
update elocute.scoring set sequencer = case
    when sequencer ~ '^[0-9A-Fa-f]+$'
      then rpad(lower(sequencer), greatest(32, length(sequencer)), '0')
  end
  where sequencer is not null;

-- One scoring per upload by what the upload is, and not only by the id that is made from it.
create unique index scoring_upload
  on elocute.scoring (bucket, object_key, coalesce(version_id, etag, ''));
drop index elocute.scoring_object_key;

-- One scoring per row of the application. Where the application set a row back to waiting and a later
-- scoring took it, both pointed at it: it is the later one's.
update elocute.scoring older set application_row_id = null
  where exists (
    select 1 from elocute.scoring later
    where later.application_row_id = older.application_row_id
      and (later.finished_at, later.id) > (older.finished_at, older.id)
  );
create unique index scoring_application_row on elocute.scoring (application_row_id)
  where application_row_id is not null;

-- Down Migration

create index scoring_object_key on elocute.scoring (object_key);
drop index elocute.scoring_upload, elocute.scoring_application_row;
alter table elocute.scoring
  drop constraint scoring_status,
  drop constraint scoring_result,
  drop constraint scoring_failure,
  drop column object_modified_at;
-- Sequencers stay padded: that changes no comparison.
update elocute.scoring set status = case when result is null then 'failed' else 'completed' end
  where status = 'superseded';
alter table elocute.scoring
  add constraint scoring_status_check check (status in ('completed', 'failed')),
  add constraint scoring_check check ((status = 'completed') = (result is not null)),
  add constraint scoring_check1 check ((status = 'failed') = (failure_code is not null));
