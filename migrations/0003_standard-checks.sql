-- Up Migration

-- What was found wrong with a standard recording. By content, so that a replaced recording is judged
-- anew; with its place, because the same content may lie at a second, wrong one.
create table elocute.standard_check (
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bucket text not null,
  object_key text not null,
  version text,
  findings jsonb not null check (jsonb_typeof(findings) = 'array'),
  formula_version text not null,
  checked_at timestamptz not null default now(),
  primary key (sha256, bucket, object_key)
);
create index standard_check_object on elocute.standard_check (bucket, object_key, checked_at desc);

-- Down Migration

drop table elocute.standard_check;
