-- Up Migration

-- The teacher's list in the order of each score beside the overall one, a page at a time.
create index scoring_by_accuracy on elocute.scoring
  (((result ->> 'accuracy')::double precision), id) where result ->> 'accuracy' is not null;
create index scoring_by_fluency on elocute.scoring
  (((result ->> 'fluency')::double precision), id) where result ->> 'fluency' is not null;
create index scoring_by_prosody on elocute.scoring
  (((result ->> 'prosody')::double precision), id) where result ->> 'prosody' is not null;

-- Down Migration

drop index elocute.scoring_by_accuracy, elocute.scoring_by_fluency, elocute.scoring_by_prosody;
