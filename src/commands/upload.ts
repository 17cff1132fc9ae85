/** `elocute upload`: puts a recording where the application would, and follows its scoring. */
import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { createS3Client } from '../adapters/s3.ts';
import { workflowIdFor, type LessonLine } from '../contract.ts';
import type { Config } from '../config.ts';
import { parseUploadKey, recordingExtensionOf, uploadKeyOf } from '../uploads/key-grammar.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
  openTemporal,
  workflowPage,
} from './command-environment.ts';
import { EXIT, UnavailableError, UsageError } from './exit-codes.ts';
import { interruptible } from './interrupts.ts';
import { createProgressView } from './progress-view.ts';
import { putRecording } from './put-recording.ts';
import { describeScoring } from './status.ts';
import { findScorings, shownScoring } from './stored-scoring.ts';
import { watchScoring } from './watch-scoring.ts';

interface UploadOptions {
  user: string;
  lesson: string;
  data: string;
  wait: boolean;
  json?: boolean;
}

export function addUpload(program: Command): void {
  program
    .command('upload')
    .description('upload a recording of a lesson line and follow its scoring')
    .argument('<file>', 'a WAV, FLAC, MP3, Ogg, WebM or M4A file')
    .requiredOption('--user <id>', 'whose voice it is')
    .requiredOption('--lesson <line>', 'content type/level/title/line')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--no-wait', 'only upload')
    .option('--json', 'print the result as JSON on standard output')
    .addHelpText(
      'after',
      `
Example:
  elocute upload me.wav --user 7 --lesson "novel/level_2/A Breath of Life/1"`,
    )
    .action((file: string, options: UploadOptions) =>
      interruptible((signal) => upload(file, options, signal)),
    );
}

async function upload(file: string, options: UploadOptions, signal: AbortSignal): Promise<void> {
  const { config, uiUrl } = commandEnvironment(options.data);
  const lesson = parseLesson(options.lesson);
  const key = keyOf(options.user, lesson, file, config);
  const bytes = readAudioFile(file, config.AUDIO_MAX_BYTES);
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  try {
    const { scoringId } = await putRecording(s3, { bucket: config.USER_BUCKET, key }, bytes);
    const workflowId = workflowIdFor(scoringId);
    process.stderr.write(`Uploaded; scoring ${scoringId.slice(0, 12)}, workflow ${workflowId}\n`);
    if (uiUrl !== null) process.stderr.write(`${workflowPage(uiUrl, workflowId)}\n`);
    if (options.wait) await follow(config, workflowId, options.json === true, signal);
    else if (options.json === true) {
      process.stdout.write(`${JSON.stringify({ scoringId, workflowId, status: 'uploaded' })}\n`);
    }
  } finally {
    s3.destroy();
  }
}

async function follow(
  config: Config,
  workflowId: string,
  json: boolean,
  signal: AbortSignal,
): Promise<void> {
  const client = await openTemporal(config);
  const database = await openConfiguredDatabase(config).catch(async (error: unknown) => {
    await client.connection.close();
    throw error;
  });
  const view = createProgressView([workflowId], () => 'scoring');
  try {
    const onProgress = view.update.bind(view, workflowId);
    await watchScoring({ client, workflowId, onProgress, signal });
    view.end();
    const [scoring] = await findScorings(database, workflowId);
    if (scoring === undefined) throw new UnavailableError('The scoring ended without a row.');
    process.stdout.write(
      json
        ? `${JSON.stringify(shownScoring(scoring))}\n`
        : describeScoring(scoring, config.FEEDBACK_LANGUAGE),
    );
    if (scoring.status === 'failed') process.exitCode = EXIT.failed;
  } finally {
    view.end();
    await database.close();
    await client.connection.close();
  }
}

/** `novel/level_2/A Breath of Life/1`; the level may be a bare number. */
export function parseLesson(text: string): LessonLine {
  const match = /^([^/]+)\/(?:level_)?(\d{1,4})\/([^/]+)\/(?:audio_line_)?(\d{1,5})$/.exec(text);
  const [, contentType, level, title, line] = match ?? [];
  if (!contentType || !title) {
    throw new UsageError(
      `--lesson "${text}" is not written as content type/level/title/line. Example: "novel/level_2/A Breath of Life/1"`,
    );
  }
  return { contentType, level: Number(level), title, line: Number(line) };
}

function keyOf(user: string, lesson: LessonLine, file: string, config: Config): string {
  const grammar = { root: config.USER_KEY_ROOT, contentTypes: config.CONTENT_TYPES };
  const key = uploadKeyOf(user, lesson, grammar.root, recordingExtensionOf(file));
  const parsed = parseUploadKey(key, grammar);
  if ('problem' in parsed) throw new UsageError(`These do not make a key: ${parsed.problem}.`);
  return key;
}

export function readAudioFile(file: string, maxBytes: number): Uint8Array {
  let size: number;
  try {
    size = statSync(file).size;
  } catch {
    throw new UsageError(`${file} cannot be read. Give the path of a recording.`);
  }
  if (size > maxBytes) throw new UsageError(`${file} is larger than ${maxBytes} bytes.`);
  return readFileSync(file);
}
