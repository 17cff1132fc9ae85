-- Up Migration

-- How many speech calls a second all workers of a task queue may make together. One row, so that
-- many workers which see the same burst of refusals lower the rate once.
create table elocute.speech_rate (
  task_queue text primary key,
  per_second double precision not null check (per_second > 0),
  lowered_at timestamptz,
  changed_at timestamptz not null default now(),
  -- When the next call may begin, where the workers take turns by this row.
  next_call_at timestamptz not null default now()
);

-- Down Migration

drop table elocute.speech_rate;
