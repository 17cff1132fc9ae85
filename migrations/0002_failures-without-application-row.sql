-- Up Migration

-- A failure is kept here also where the application's table refuses its row.
alter table elocute.scoring alter column application_row_id drop not null;

-- Down Migration

delete from elocute.scoring where application_row_id is null;
alter table elocute.scoring alter column application_row_id set not null;
