-- Up Migration

-- Every replay of a failed scoring: who, when, why, from which step, which run. A row that is open (no
-- outcome yet) is also the claim that keeps two people from replaying one scoring at the same time.
create table elocute.replay (
  id uuid primary key,
  scoring_id text not null references elocute.scoring on delete cascade,
  requested_by text not null,
  requested_at timestamptz not null default now(),
  reason text,
  -- What it had failed with.
  failure_code text not null,
  workflow_id text not null,
  old_run_id text not null,
  how text check (how in ('reset', 'new run')),
  step text,
  new_run_id text,
  outcome text check (outcome in ('started', 'refused', 'failed', 'unknown')),
  note text,
  ended_at timestamptz,
  check ((outcome is null) = (ended_at is null)),
  check (outcome is distinct from 'started' or (how is not null and new_run_id is not null))
);
create unique index replay_open on elocute.replay (scoring_id) where outcome is null;
create index replay_of on elocute.replay (scoring_id, requested_at);

-- Down Migration

drop table elocute.replay;
