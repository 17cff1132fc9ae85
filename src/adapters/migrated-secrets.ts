/** Credentials as JSON in a bucket, as the old system kept them: read once, into memory only. */
import { isIPv6 } from 'node:net';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { createS3Client } from './s3.ts';

interface S3Address {
  bucket: string;
  key: string;
}

const MAX_SECRET_BYTES = 64 * 1024;

const postgresConfig = z.object({
  NAME: z.string().min(1),
  USER: z.string().min(1),
  PASSWORD: z.string(),
  // A name, an address, or the folder of a socket; anything else would end up in the address as a lie.
  HOST: z.string().refine((host) => /^([\w.-]+|\/[^\s?#]*)$/.test(host) || isIPv6(host)),
  PORT: z.coerce.number().int().min(1).max(65_535).default(5432),
});

const googleCredentials = z.object({
  project_id: z.string().min(1),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
});

export type GoogleCredentials = z.infer<typeof googleCredentials>;

export interface Secrets {
  databaseUrl: string;
  /** Absent: the environment's own credentials. */
  googleCredentials: GoogleCredentials | undefined;
}

/** Reads what the configuration points at; an error names the problems of both at once. */
export async function readSecrets(config: Config): Promise<Secrets> {
  const [database, google] = await Promise.allSettled([
    databaseUrlOf(config),
    googleCredentialsOf(config),
  ]);
  if (database.status === 'fulfilled' && google.status === 'fulfilled') {
    return { databaseUrl: database.value, googleCredentials: google.value };
  }
  const problems = [database, google].flatMap((read) =>
    read.status === 'rejected' ? [read.reason instanceof Error ? read.reason.message : ''] : [],
  );
  throw new Error(problems.join('\n'));
}

/** DATABASE_URL, or what POSTGRES_CONFIG points at. */
export async function databaseUrlOf(config: Config): Promise<string> {
  if (config.DATABASE_URL !== undefined) return config.DATABASE_URL;
  if (config.POSTGRES_CONFIG === undefined) throw new Error('loadConfig lets this not happen');
  return connectionStringOf(
    await read('POSTGRES_CONFIG', postgresConfig, config, config.POSTGRES_CONFIG),
  );
}

/** What GOOGLE_CREDENTIALS points at. */
export async function googleCredentialsOf(config: Config): Promise<GoogleCredentials | undefined> {
  if (config.GOOGLE_CREDENTIALS === undefined) return undefined;
  return read('GOOGLE_CREDENTIALS', googleCredentials, config, config.GOOGLE_CREDENTIALS);
}

function connectionStringOf(config: z.infer<typeof postgresConfig>): string {
  const url = new URL('postgresql://localhost');
  // As a parameter: a folder or an IPv6 address is no host name, and the setter ignores it silently.
  url.searchParams.set('host', config.HOST);
  url.port = String(config.PORT);
  url.username = encodeURIComponent(config.USER);
  url.password = encodeURIComponent(config.PASSWORD);
  url.pathname = `/${encodeURIComponent(config.NAME)}`;
  return url.href;
}

/** Errors name the variable and the fields, never the content. */
async function read<T>(
  variable: string,
  schema: z.ZodType<T>,
  config: Config,
  { bucket, key }: S3Address,
): Promise<T> {
  const where = `${variable}=s3://${bucket}/${key}`;
  const client = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  let text: string;
  try {
    const response = await client.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=0-${MAX_SECRET_BYTES - 1}` }),
    );
    text = (await response.Body?.transformToString()) ?? '';
  } catch (error) {
    const why = error instanceof Error ? error.name : String(error);
    throw new Error(`${where} cannot be read (${why}): check the address and s3:GetObject`, {
      cause: error,
    });
  } finally {
    client.destroy();
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The cause would quote what stands in the file, and that is a secret.
    throw new Error(`${where} is not JSON`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Error(`${where} lacks or misspells: ${fields}`);
}
