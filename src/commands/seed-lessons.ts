/** The example lessons that come with the project. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '../adapters/s3.ts';
import { loadConfig } from '../config.ts';

export const LESSONS = fileURLToPath(new URL('../../examples/lessons/', import.meta.url));
const STANDARDS = join(LESSONS, 'buckets', 'standard-audio-file', 'standard-audio-file');

/**
 * Puts every standard recording and its sentence into the standard bucket of a local stack, below
 * the configured first segment; returns the number of lines.
 */
export async function seedLessons(environment: Record<string, string>): Promise<number> {
  const config = loadConfig(environment);
  const s3 = createS3Client({
    region: config.AWS_REGION,
    endpoint: config.S3_ENDPOINT,
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  try {
    const files = filesBelow(STANDARDS);
    for (const file of files) {
      await s3.send(
        new PutObjectCommand({
          Bucket: config.STANDARD_BUCKET,
          Key: [config.STANDARD_KEY_ROOT, ...relative(STANDARDS, file).split(sep)].join('/'),
          Body: readFileSync(file),
        }),
      );
    }
    return files.filter((file) => file.endsWith('.wav')).length;
  } finally {
    s3.destroy();
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}
