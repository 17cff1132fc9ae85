/** Credentials as JSON in a bucket, as the old system kept them: read once, into memory only. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';

interface S3Address {
  bucket: string;
  key: string;
}

const MAX_SECRET_BYTES = 64 * 1024;

const postgresConfig = z.object({
  NAME: z.string().min(1),
  USER: z.string().min(1),
  PASSWORD: z.string(),
  HOST: z.string().min(1),
  PORT: z.coerce.number().int().min(1).max(65_535).default(5432),
});

const googleCredentials = z.object({
  project_id: z.string().min(1),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
});

export type GoogleCredentials = z.infer<typeof googleCredentials>;

/** The connection string for POSTGRES_CONFIG. */
export async function readPostgresConfig(client: S3Client, address: S3Address): Promise<string> {
  const config = await read('POSTGRES_CONFIG', postgresConfig, client, address);
  const url = new URL('postgresql://localhost');
  url.hostname = config.HOST;
  url.port = String(config.PORT);
  url.username = encodeURIComponent(config.USER);
  url.password = encodeURIComponent(config.PASSWORD);
  url.pathname = `/${encodeURIComponent(config.NAME)}`;
  return url.href;
}

/** The service account for GOOGLE_CREDENTIALS. */
export function readGoogleCredentials(
  client: S3Client,
  address: S3Address,
): Promise<GoogleCredentials> {
  return read('GOOGLE_CREDENTIALS', googleCredentials, client, address);
}

/** Errors name the variable and the fields, never the content. */
async function read<T>(
  variable: string,
  schema: z.ZodType<T>,
  client: S3Client,
  { bucket, key }: S3Address,
): Promise<T> {
  const where = `${variable}=s3://${bucket}/${key}`;
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
