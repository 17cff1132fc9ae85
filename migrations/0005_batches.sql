-- Up Migration

-- Every rescoring of many: who, when, why, what came of it. Outlives Temporal's retention.
create table elocute.batch (
  id text primary key check (id ~ '^[0-9a-f]{12}$'),
  workflow_id text not null,
  source jsonb not null,
  reason text,
  requested_by text not null,
  dry_run boolean not null,
  formula_version text not null,
  model_version text not null,
  total integer not null,
  status text not null default 'running'
    check (status in ('running', 'completed', 'failed', 'cancelled')),
  failure_code text,
  counts jsonb,
  report jsonb,
  results text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index batch_created on elocute.batch (created_at);

-- The items of a batch and how far each has come: a chunk that is run again does nothing twice.
create table elocute.batch_item (
  batch_id text not null references elocute.batch on delete cascade,
  position integer not null,
  scoring_id text not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'unchanged', 'changed', 'written', 'failed')),
  failure_code text,
  failure_message text,
  before jsonb,
  after jsonb,
  move double precision,
  primary key (batch_id, position),
  unique (batch_id, scoring_id),
  check ((state = 'failed') = (failure_code is not null))
);

-- What a score was before a batch changed it, and what it became.
create table elocute.score_change (
  scoring_id text not null references elocute.scoring on delete cascade,
  batch_id text not null references elocute.batch,
  before jsonb not null,
  after jsonb not null,
  versions_before jsonb,
  versions_after jsonb not null,
  changed_at timestamptz not null default now(),
  primary key (scoring_id, batch_id)
);

-- Down Migration

drop table elocute.score_change, elocute.batch_item, elocute.batch;
