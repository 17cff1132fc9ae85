-- Up Migration

create schema if not exists elocute;

-- Analyses by content: equal key, equal result, so nothing is computed or paid twice.
create table elocute.analysis (
  key text primary key,
  kind text not null check (kind in ('transcript', 'pitch', 'alignment', 'score')),
  engine text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  sentence text,
  value jsonb not null,
  computed_ms integer not null check (computed_ms >= 0),
  created_at timestamptz not null default now()
);
create index analysis_sha256 on elocute.analysis (sha256);

-- Who is computing an analysis right now. A lease, so that a killed worker blocks nobody for long.
create table elocute.analysis_claim (
  key text primary key,
  owner uuid not null,
  expires_at timestamptz not null
);

-- Which content an object version has. Versions are immutable, so rows never go stale.
create table elocute.recording_digest (
  bucket text not null,
  object_key text not null,
  version text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  primary key (bucket, object_key, version)
);

-- One row per upload, whatever is retried: the primary key carries the promise.
create table elocute.scoring (
  id text primary key check (id ~ '^[0-9a-f]{64}$'),
  bucket text not null,
  object_key text not null,
  version_id text,
  etag text,
  sequencer text,
  content_type text not null,
  level integer not null,
  title text not null,
  line integer not null,
  user_id text not null,
  content_type_id text,
  object_id text,
  sentence text,
  status text not null check (status in ('completed', 'failed')),
  attempt_kind text,
  failure_code text,
  failure_message text,
  result jsonb,
  schema_version integer,
  formula_version text,
  workflow_id text not null,
  run_id text not null,
  application_row_id text not null,
  attempts integer not null default 1,
  started_at timestamptz not null,
  finished_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((status = 'completed') = (result is not null)),
  check ((status = 'failed') = (failure_code is not null))
);
create index scoring_object_key on elocute.scoring (object_key);
create index scoring_failed on elocute.scoring (failure_code, finished_at) where status = 'failed';

-- Down Migration

-- Not the schema: the table of applied migrations is in it.
drop table elocute.scoring, elocute.recording_digest, elocute.analysis_claim, elocute.analysis;
