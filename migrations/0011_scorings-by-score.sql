-- Up Migration

-- The teacher's list in the order of the scores, a page at a time.
create index scoring_by_score on elocute.scoring (((result ->> 'overall')::double precision), id)
  where result ->> 'overall' is not null;

-- Down Migration

drop index elocute.scoring_by_score;
