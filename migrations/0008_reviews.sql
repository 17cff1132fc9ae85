-- Up Migration

-- Scorings that wait or waited for a teacher: who decided what, when and why. The row of
-- elocute.scoring is written only when the review has ended. A run that is scored anew waits anew.
create table elocute.review (
  scoring_id text not null check (scoring_id ~ '^[0-9a-f]{64}$'),
  run_id text not null,
  workflow_id text not null,
  content_type text not null,
  level integer not null,
  title text not null,
  line integer not null,
  because text not null,
  confidence double precision not null,
  before jsonb not null,
  asked_at timestamptz not null default now(),
  ends_at timestamptz not null,
  decision text check (decision in ('accepted', 'overridden', 'timed_out', 'cancelled')),
  after jsonb,
  reviewer text,
  reason text,
  decided_at timestamptz,
  primary key (scoring_id, run_id),
  check ((decision is null) = (decided_at is null)),
  check (decision is distinct from 'overridden' or (reviewer is not null and reason is not null)),
  check (decision is distinct from 'accepted' or reviewer is not null)
);
create index review_waiting on elocute.review (ends_at) where decision is null;

-- Down Migration

drop table elocute.review;
