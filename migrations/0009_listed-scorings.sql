-- Up Migration

-- Lists for learners, teachers and operators: the latest first, a page at a time. `created_at` never
-- changes, so that a page that is read while scorings end or are replayed misses and doubles nothing.
create index scoring_listed on elocute.scoring (created_at desc, id desc);
create index scoring_of_user on elocute.scoring (user_id, created_at desc, id desc);
create index scoring_of_lesson
  on elocute.scoring (content_type, level, title, line, created_at desc, id desc);
create index scoring_of_workflow on elocute.scoring (workflow_id);

-- Down Migration

drop index elocute.scoring_listed, elocute.scoring_of_user, elocute.scoring_of_lesson,
  elocute.scoring_of_workflow;
