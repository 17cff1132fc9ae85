/** What the configuration points at: reachable, permitted, and in the right shape. */
import { HeadBucketCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { databaseUrlOf, googleCredentialsOf } from '../adapters/migrated-secrets.ts';
import { databaseProblems } from '../adapters/migrations.ts';
import { openSpeech } from '../adapters/open-speech.ts';
import { openDatabase } from '../adapters/postgres.ts';
import { createS3Client } from '../adapters/s3.ts';
import { missingSearchAttributes } from '../adapters/temporal-search-attributes.ts';
import { openDeadLetters } from '../adapters/sqs-dead-letters.ts';
import { openUploadQueue } from '../adapters/sqs.ts';
import { connectTemporal, temporalAddressOf } from '../adapters/temporal.ts';
import { loadConfig, variables, type Config, type Environment } from '../config.ts';
import { ElocuteError } from '../failures.ts';
import type { Check } from './doctor.ts';

/** Empty where not one variable of the configuration is set: nothing says what to look at. */
export function productionChecks(environment: Environment): Check[] {
  if (!Object.keys(variables).some((name) => isConfigured(name, environment))) return [];
  let config: Config;
  const configuration: Check = {
    name: 'configuration',
    mend: 'Correct the variables named above; .env.example shows all of them.',
    run: () => Promise.resolve().then(() => (loadConfig(environment), 'complete')),
  };
  try {
    config = loadConfig(environment);
  } catch {
    // Its own check says why; the services cannot be looked at without it.
    return [configuration];
  }
  return [
    configuration,
    {
      name: 'PostgreSQL',
      mend: 'Check the address, run `elocute migrate`, and let Django own its table.',
      run: () => checkDatabase(config),
    },
    {
      name: 'S3',
      mend: 'Check the bucket names, the region and the permissions of this identity.',
      run: () => checkBuckets(config),
    },
    {
      name: 'SQS',
      mend: 'Create both queues (infra/ does), or grant what docs/uploads.md lists.',
      run: () => checkQueue(config),
    },
    {
      name: 'Temporal',
      mend: 'Check TEMPORAL_ADDRESS; create what is missing with `temporal operator search-attribute create --name … --type …`.',
      run: () => checkTemporal(config),
    },
    {
      name: 'speech service',
      mend: 'Check SPEECH_ENDPOINT, or the Google credentials and that the Speech API is enabled.',
      run: () => checkSpeech(config),
    },
  ];
}

/** A region or a log level alone is set on many machines and says nothing about Elocute. */
function isConfigured(name: string, environment: Environment): boolean {
  return Boolean(environment[name]) && name !== 'AWS_REGION' && name !== 'LOG_LEVEL';
}

async function checkDatabase(config: Config): Promise<string> {
  const database = openDatabase({ connectionString: await databaseUrlOf(config), poolSize: 1 });
  try {
    const problems = await databaseProblems(database);
    if (problems.length > 0) throw new Error(problems.join('; '));
    return 'reachable, tables and columns in place';
  } finally {
    await database.close();
  }
}

async function checkBuckets(config: Config): Promise<string> {
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  try {
    for (const Bucket of [config.USER_BUCKET, config.STANDARD_BUCKET]) {
      await s3.send(new HeadBucketCommand({ Bucket })).catch((error: unknown) => {
        throw new Error(`${Bucket}: ${error instanceof Error ? error.name : String(error)}`);
      });
    }
    const versions = await s3
      .send(new ListObjectVersionsCommand({ Bucket: config.USER_BUCKET, MaxKeys: 1 }))
      .then(
        () => 'lists its versions, too',
        () =>
          'does not list its versions (s3:ListBucketVersions): see "Older versions" in reliability.md',
      );
    return `both buckets answer; the user bucket ${versions}`;
  } finally {
    s3.destroy();
  }
}

async function checkQueue(config: Config): Promise<string> {
  if (config.UPLOAD_QUEUE === '') return 'not used: events come to the webhook';
  const address = { region: config.AWS_REGION, endpoint: config.SQS_ENDPOINT };
  const dead = config.UPLOAD_DEAD_LETTER_QUEUE;
  const queue = await openUploadQueue({ ...address, queueName: config.UPLOAD_QUEUE });
  queue.close();
  const deadLetters = await openDeadLetters({ ...address, queueName: dead });
  deadLetters.close();
  return `${config.UPLOAD_QUEUE} and ${dead} exist`;
}

async function checkTemporal(config: Config): Promise<string> {
  const client = await connectTemporal(temporalAddressOf(config));
  try {
    const missing = await missingSearchAttributes(client);
    if (missing.length > 0) throw new Error(`search attributes missing: ${missing.join(', ')}`);
    return `${config.TEMPORAL_ADDRESS}, namespace ${config.TEMPORAL_NAMESPACE}`;
  } finally {
    await client.connection.close();
  }
}

/** An empty request costs nothing: that it is refused as empty proves address and credentials. */
async function checkSpeech(config: Config): Promise<string> {
  const speech = openSpeech(config, await googleCredentialsOf(config));
  try {
    await speech.recognise({ wav: new Uint8Array(), sentence: null });
    return 'answers';
  } catch (error) {
    if (error instanceof ElocuteError && error.code === 'SPEECH_REJECTED') return 'answers';
    throw error;
  } finally {
    await speech.close();
  }
}
