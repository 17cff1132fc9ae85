/** The only place that reads the environment: variables → frozen Config, all problems at once. */
import { z } from 'zod';
import { combinedProblems } from './config/combined-problems.ts';
import {
  text,
  whole,
  flag,
  list,
  url,
  hostPort,
  moment,
  secret,
  origin,
  reviewPolicy,
  s3Address,
} from './config/value-schemas.ts';

interface Variable<T> {
  schema: z.ZodType<T>;
  /** As text, as it would stand in the environment; absent: the variable is optional or required. */
  fallback?: string;
  /** Given as nothing, it is nothing, and not the fallback. */
  mayBeEmpty?: true;
  example: string;
  description: string;
}

/** Every variable, in the order of the README's table (which is generated from here). */
export const variables = {
  TEMPORAL_ADDRESS: variable(
    hostPort.transform(({ host, port }) => `${host}:${port}`),
    {
      fallback: '127.0.0.1:7233',
      example: 'elocute.a1b2c.tmprl.cloud:7233',
      description: 'Temporal frontend, host:port',
    },
  ),
  TEMPORAL_NAMESPACE: variable(text, {
    fallback: 'default',
    example: 'elocute.a1b2c',
    description: 'Temporal namespace',
  }),
  TEMPORAL_API_KEY: variable(text.optional(), {
    example: 'eyJhbGciOi…',
    description: 'API key of Temporal Cloud; switches TLS on',
  }),
  TEMPORAL_TLS: variable(flag, {
    fallback: 'false',
    example: 'true',
    description: 'Use TLS without an API key (mutual TLS ends at a proxy)',
  }),
  TEMPORAL_TASK_QUEUE: variable(text, {
    fallback: 'elocute',
    example: 'elocute',
    description: 'Base name of the task queues; `-speech` and `-audio` are appended',
  }),
  WORKER_BUILD_ID: variable(
    z
      .string()
      .regex(/^[\w.+-]{1,128}$/, 'must be 1 to 128 letters, digits and . _ + -')
      .optional(),
    {
      example: '2026-11-24.3f9c1d2',
      description:
        'Name of this build, for worker versioning: it gets work once `elocute build current` has named it; absent: off',
    },
  ),
  WORKER_DEPLOYMENT: variable(
    z.string().regex(/^[\w-]{1,128}$/, 'must be 1 to 128 letters, digits, _ and -'),
    {
      fallback: 'elocute',
      example: 'elocute',
      description: 'What the builds are builds of; one for all workers of a task queue',
    },
  ),
  AWS_REGION: variable(text, {
    fallback: 'us-east-1',
    example: 'ap-northeast-2',
    description: 'Region of buckets and queue; credentials come from the workload identity',
  }),
  S3_ENDPOINT: variable(url.optional(), {
    example: 'http://127.0.0.1:9000',
    description: 'An S3-compatible store instead of AWS (path-style addressing)',
  }),
  SQS_ENDPOINT: variable(url.optional(), {
    example: 'http://127.0.0.1:4566',
    description: 'An SQS-compatible service instead of AWS',
  }),
  USER_BUCKET: variable(text, {
    fallback: 'user-audio-file',
    example: 'user-audio-file',
    description: 'Bucket that learners’ recordings land in',
  }),
  STANDARD_BUCKET: variable(text, {
    fallback: 'standard-audio-file',
    example: 'standard-audio-file',
    description: 'Bucket of the standard recordings and their sentences',
  }),
  RESULTS_BUCKET: variable(text.optional(), {
    example: 'elocute-results',
    description:
      'Bucket for reports and results of batches, below `elocute/batches/`; absent: USER_BUCKET, whose events for them are ignored',
  }),
  USER_KEY_ROOT: variable(text, {
    fallback: 'user-audio-file',
    example: 'user-audio-file',
    description: 'First segment of keys in the user bucket',
  }),
  STANDARD_KEY_ROOT: variable(text, {
    fallback: 'standard-audio-file',
    example: 'standard-audio-file',
    description: 'First segment of keys in the standard bucket',
  }),
  CONTENT_TYPES: variable(list, {
    fallback: 'conversation,novel,phonics',
    example: 'conversation,novel,phonics',
    description: 'Accepted content types, separated by commas',
  }),
  UPLOAD_QUEUE: variable(z.string().trim(), {
    fallback: 'elocute-uploads',
    mayBeEmpty: true,
    example: 'elocute-uploads',
    description:
      'Name of the SQS queue that upload events arrive in; empty: none, events come to the webhook only',
  }),
  UPLOAD_DEAD_LETTER_QUEUE: variable(text, {
    fallback: 'elocute-uploads-dead',
    example: 'elocute-uploads-dead',
    description: 'Name of the SQS queue that events which cannot be understood are moved to',
  }),
  WEBHOOK_PORT: variable(whole(1, 65_535).optional(), {
    example: '8090',
    description: 'Port on which the starter takes upload events by HTTP; absent: it takes none',
  }),
  WEBHOOK_HOST: variable(text, {
    fallback: '127.0.0.1',
    example: '0.0.0.0',
    description: 'Address that the webhook listens on; TLS belongs to a proxy before it',
  }),
  WEBHOOK_TOKEN: variable(secret, {
    example: 'a-long-random-text-of-32-characters',
    description:
      'Token that senders show (Bearer, or as the password of Basic), 32 characters or more',
  }),
  WEBHOOK_SECRET: variable(secret, {
    example: 'another-random-text-of-32-characters',
    description:
      'Key of `x-elocute-signature: sha256=HMAC of the body in hex`, 32 characters or more',
  }),
  WEB_PORT: variable(whole(1, 65_535).optional(), {
    example: '8080',
    description: 'Port of the HTTP API and the pages (`node dist/web.js`), which needs it',
  }),
  WEB_HOST: variable(text, {
    fallback: '127.0.0.1',
    example: '0.0.0.0',
    description: 'Address that the web process listens on; TLS belongs to a proxy before it',
  }),
  WEB_ORIGIN: variable(origin.optional(), {
    example: 'https://speak.example.org',
    description:
      'Origin that browsers see, for cookies and the check of where a request comes from; absent: http://WEB_HOST:WEB_PORT',
  }),
  WEB_JWT_ALGORITHM: variable(z.enum(['HS256', 'EdDSA', 'RS256']), {
    fallback: 'HS256',
    example: 'RS256',
    description:
      'The one algorithm that bearer tokens are signed with; HS256 needs WEB_JWT_SECRET, the others WEB_JWKS_URL',
  }),
  WEB_JWT_SECRET: variable(secret, {
    example: 'a-random-text-of-64-hex-digits-from-openssl',
    description:
      'Key of HS256 tokens, 32 characters or more (`openssl rand -hex 32`); shared with the application that signs them',
  }),
  WEB_JWKS_URL: variable(url.optional(), {
    example: 'https://login.example.org/.well-known/jwks.json',
    description: 'Where the public keys of EdDSA or RS256 tokens are',
  }),
  WEB_JWT_ISSUER: variable(text, {
    fallback: 'elocute',
    example: 'https://login.example.org/',
    description: '`iss` of the tokens that are accepted',
  }),
  WEB_JWT_AUDIENCE: variable(text, {
    fallback: 'elocute',
    example: 'elocute',
    description: '`aud` of the tokens that are accepted',
  }),
  WEB_CORS_ORIGINS: variable(
    list
      .refine((origins) => origins.every((one) => origin.safeParse(one).success), {
        message: 'must be origins, scheme://host[:port], separated by commas',
      })
      .optional(),
    {
      example: 'https://app.example.org',
      description: 'Other origins whose pages may call the API with a bearer token; absent: none',
    },
  ),
  WEB_S3_ENDPOINT: variable(url.optional(), {
    example: 'https://objects.example.org',
    description:
      'Address of the S3-compatible store as browsers reach it, for presigned addresses; absent: S3_ENDPOINT',
  }),
  WEB_PROXIES: variable(whole(0, 10), {
    fallback: '0',
    example: '1',
    description: 'Proxies before the web process whose `x-forwarded-for` is believed',
  }),
  WEB_RATE_PER_MINUTE: variable(whole(1, 100_000), {
    fallback: '300',
    example: '300',
    description: 'Requests a minute of one signed-in person, or of one address without a token',
  }),
  UPLOAD_PREFIX: variable(z.string(), {
    fallback: '',
    example: 'user-audio-file/',
    description: 'Only keys with this prefix are scored',
  }),
  UPLOAD_SUFFIX: variable(
    z
      .string()
      .transform((value) => (value.trim() === '' ? [] : value.split(',').map((one) => one.trim())))
      .refine((suffixes) => suffixes.every((one) => one !== ''), 'has an empty suffix in its list'),
    {
      fallback: '.wav,.flac,.mp3,.ogg,.opus,.webm,.m4a',
      mayBeEmpty: true,
      example: '.wav',
      description:
        'Only keys with one of these suffixes are scored, separated by commas; empty: whatever the suffix',
    },
  ),
  STARTER_CONCURRENCY: variable(whole(1, 1000), {
    fallback: '50',
    example: '50',
    description: 'Upload events in hand at once per starter process',
  }),
  STARTER_SHUTDOWN_MS: variable(whole(1000, 600_000), {
    fallback: '10000',
    example: '10000',
    description: 'A starter that is told to stop has finished or given back what it holds by then',
  }),
  DATABASE_URL: variable(z.url({ protocol: /^postgres(ql)?$/ }).optional(), {
    example: 'postgresql://elocute:secret@db.internal:5432/app',
    description: 'PostgreSQL that the Django application reads; or set POSTGRES_CONFIG',
  }),
  POSTGRES_CONFIG: variable(s3Address.optional(), {
    example: 's3://config-bucket/postgres.json',
    description: 'For migration: JSON with NAME, USER, PASSWORD, HOST, PORT, read once into memory',
  }),
  DATABASE_POOL: variable(whole(1, 200), {
    fallback: '10',
    example: '10',
    description: 'Connections per worker process',
  }),
  LESSON_QUERY: variable(text.optional(), {
    example:
      'select content_type_id, object_id, sentence from lesson_line where kind = :contentType and level = :level and title = :title and line = :line',
    description: 'SQL that finds a lesson line; returns content_type_id, object_id, sentence',
  }),
  SPEECH_KIND: variable(z.enum(['google', 'offline']), {
    fallback: 'google',
    example: 'google',
    description: '`offline`: SPEECH_ENDPOINT is the offline recogniser and is sent the sentence',
  }),
  SPEECH_ENDPOINT: variable(hostPort.optional(), {
    example: '127.0.0.1:50051',
    description:
      'host:port of another google.cloud.speech.v1 server, such as a region of Google’s; TLS, unless it is on this machine or SPEECH_KIND is `offline`',
  }),
  SPEECH_MODEL: variable(text, {
    fallback: 'latest_short',
    example: 'latest_short',
    description: 'Recognition model',
  }),
  SPEECH_LANGUAGE: variable(text, {
    fallback: 'en-US',
    example: 'en-US',
    description: 'BCP-47 language of the lessons',
  }),
  SPEECH_TIMEOUT_MS: variable(whole(1000, 60_000), {
    fallback: '30000',
    example: '30000',
    description: 'Deadline of one call to the speech service',
  }),
  SPEECH_QUOTA_DELAY_MS: variable(whole(100, 3_600_000), {
    fallback: '30000',
    example: '30000',
    description: 'Wait at least this long after RESOURCE_EXHAUSTED',
  }),
  SPEECH_CONCURRENCY: variable(whole(1, 500), {
    fallback: '8',
    example: '8',
    description: 'Speech calls at once per worker process',
  }),
  SPEECH_RATE_PER_SECOND: variable(z.coerce.number().min(0.1).max(10_000), {
    fallback: '10',
    example: '15',
    description:
      'Speech calls a second, all workers together; slowed down by RESOURCE_EXHAUSTED, and back up to this',
  }),
  SPEECH_COST_PER_MINUTE: variable(z.coerce.number().min(0).max(1000), {
    fallback: '0.024',
    example: '0.016',
    description:
      'Price of a billed minute of speech, for the metric of cost; not used for `offline`',
  }),
  GOOGLE_CREDENTIALS: variable(s3Address.optional(), {
    example: 's3://config-bucket/google.json',
    description:
      'For migration: service account JSON, read once into memory; else workload identity',
  }),
  AUDIO_MAX_BYTES: variable(whole(1000, 100_000_000), {
    fallback: '10485760',
    example: '10485760',
    description: 'Largest recording accepted',
  }),
  AUDIO_MAX_SECONDS: variable(whole(1, 60), {
    fallback: '60',
    example: '60',
    description: 'Longest recording accepted; synchronous recognition ends at 60',
  }),
  FFMPEG_PATH: variable(z.string().trim().optional(), {
    mayBeEmpty: true,
    example: '/usr/bin/ffmpeg',
    description:
      'ffmpeg that decodes AAC, for M4A recordings; absent: looked for in /usr/bin, /usr/local/bin and /opt/homebrew/bin; empty: none, M4A is refused',
  }),
  ANALYSIS_THREADS: variable(whole(1, 128), {
    fallback: '2',
    example: '4',
    description: 'Analyses at once per worker process, each in a process of 250 MB and more',
  }),
  ANALYSIS_MEMORY_MB: variable(whole(400, 16_384), {
    fallback: '1024',
    example: '1024',
    description:
      'All that the process of one analysis may have; it is ended above. The heaviest recording that is accepted by default needs 560',
  }),
  PITCH_ENGINE: variable(z.enum(['fft', 'essentia']), {
    fallback: 'fft',
    example: 'essentia',
    description:
      'What computes the autocorrelations of pitch: transforms of our own, or essentia.js; same contours, 13 times the CPU',
  }),
  RECONCILE_EVERY_MINUTES: variable(whole(0, 1440), {
    fallback: '15',
    example: '15',
    description:
      'How often the user bucket is compared with the database for uploads whose event was lost; 0: never',
  }),
  RECONCILE_LOOK_BACK_HOURS: variable(whole(1, 8760), {
    fallback: '48',
    example: '48',
    description: 'How far back each of these runs looks; one run a day looks at all uploads',
  }),
  RECONCILE_GRACE_MINUTES: variable(whole(0, 1440), {
    fallback: '10',
    example: '10',
    description: 'Younger uploads are left to their event',
  }),
  RECONCILE_MAX_STARTS: variable(whole(1, 1_000_000), {
    fallback: '5000',
    example: '5000',
    description:
      'Scorings that one run starts at most, elocute reconcile included; the next run goes on',
  }),
  RECONCILE_NOT_BEFORE: variable(moment.optional(), {
    example: '2026-12-01T00:00:00Z',
    description:
      'Uploads from before this time are left alone by both runs and by elocute reconcile: on a bucket that another system has scored, the time of the switch',
  }),
  FEEDBACK_LANGUAGE: variable(z.enum(['en', 'ko']), {
    fallback: 'en',
    example: 'ko',
    description: "Language of the advice in the application's row: English or Korean",
  }),
  REVIEW_POLICY: variable(reviewPolicy, {
    fallback: 'none',
    example: 'lesson:novel/level_2/*,confidence<0.6,overall<40',
    description:
      'Which scores wait for a teacher before the learner sees them: rules between commas, one that fits is enough (docs/review.md)',
  }),
  REVIEW_TIMEOUT_DAYS: variable(whole(1, 365), {
    fallback: '90',
    example: '90',
    description: 'After so many days without a review the score stands as it is',
  }),
  NOTIFY_URL: variable(url.optional(), {
    example: 'https://app.example.com/hooks/elocute',
    description:
      'Where the application is told that a scoring has ended (docs/notify.md); absent: nowhere',
  }),
  NOTIFY_SECRET: variable(secret, {
    example: 'a-third-random-text-of-32-characters',
    description: 'Key of the signature of what is sent to NOTIFY_URL, 32 characters or more',
  }),
  NOTIFY_ALLOW_PRIVATE: variable(flag, {
    fallback: 'false',
    example: 'true',
    description: 'NOTIFY_URL may lead to a private address, and may be http://',
  }),
  METRICS_HOST: variable(text, {
    fallback: '127.0.0.1',
    example: '0.0.0.0',
    description: 'Address that metrics are shown on',
  }),
  METRICS_PORT: variable(whole(1, 65_535).optional(), {
    example: '9464',
    description:
      'Worker and starter show Prometheus metrics on this port under `/metrics`; `elocute up` gives the starter the next one',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: variable(url.optional(), {
    example: 'http://127.0.0.1:4318',
    description:
      'Worker and starter send spans to this collector, by OTLP over HTTP (JSON); docs/observe.md names the other `OTEL_` variables that count',
  }),
  LOG_LEVEL: variable(z.enum(['debug', 'info', 'warn', 'error']), {
    fallback: 'info',
    example: 'info',
    description: 'Least severe level that is logged',
  }),
};

type Values = { [Name in keyof typeof variables]: z.output<(typeof variables)[Name]['schema']> };

export type Config = Readonly<Values>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** All problems of a configuration, one a line, each with an example. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${problems.length} problem(s):\n- ${problems.join('\n- ')}`);
    this.problems = problems;
  }
}

/** Reads every variable; throws one ConfigError that names all that is wrong. */
export function loadConfig(environment: Environment): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const all: [string, Variable<unknown>][] = Object.entries(variables);
  for (const [name, { schema, fallback, example, mayBeEmpty = false }] of all) {
    const given = environment[name];
    const value = given === undefined || (given === '' && !mayBeEmpty) ? fallback : given;
    const parsed = schema.safeParse(value);
    if (parsed.success) values[name] = parsed.data;
    else {
      const why = parsed.error.issues.map(({ message }) => message).join('; ');
      problems.push(`${name}: ${why}. Example: ${name}=${example}`);
    }
  }
  problems.push(...combinedProblems(values, (name) => variables[name].example));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(values as Values);
}

/** For commands that need no other variable. Throws a ConfigError as `loadConfig`. */
export function feedbackLanguageOf(environment: Environment): Config['FEEDBACK_LANGUAGE'] {
  const { schema, fallback, example } = variables.FEEDBACK_LANGUAGE;
  const parsed = schema.safeParse(environment['FEEDBACK_LANGUAGE'] || fallback);
  if (parsed.success) return parsed.data;
  throw new ConfigError([
    `FEEDBACK_LANGUAGE: must be en or ko. Example: FEEDBACK_LANGUAGE=${example}`,
  ]);
}

/** Of a command that needs nothing else; undefined: the usual places, empty: none. */
export function ffmpegPathOf(environment: Environment): Config['FFMPEG_PATH'] {
  return variables.FFMPEG_PATH.schema.parse(environment['FFMPEG_PATH']);
}

function variable<T>(schema: z.ZodType<T>, rest: Omit<Variable<T>, 'schema'>): Variable<T> {
  return { schema, ...rest };
}
