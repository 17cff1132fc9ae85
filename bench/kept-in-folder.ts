import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { AnalysisStore } from '../src/activities/ports.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/**
 * Analyses by content, in a folder: what PostgreSQL is to the worker. A benchmark that is stopped
 * goes on from here. Scores are not kept, so that a changed formula is always computed anew.
 */
export async function keptInFolder(folder: string): Promise<AnalysisStore> {
  await mkdir(folder, { recursive: true });
  const scores = new Map<string, unknown>();
  const engines = new Map<string, string>();
  const pathOf = (key: string) => join(folder, `${key}.json.gz`);
  const get = async (key: string) => {
    const value = scores.get(key) ?? (await read(pathOf(key)));
    if (value === undefined) throw new Error(`no analysis is kept under ${key}`);
    return value;
  };
  return {
    async once(parts, compute) {
      const { kind, engine, sha256, sentence } = parts;
      const digest = createHash('sha256').update(JSON.stringify([engine, sha256, sentence]));
      const key = `${kind}-${digest.digest('hex')}`;
      engines.set(key, engine);
      if (kind === 'score') {
        const value = await compute();
        scores.set(key, value);
        return { key, value, cached: false };
      }
      const kept = await read(pathOf(key));
      if (kept !== undefined) {
        return { key, value: kept as Awaited<ReturnType<typeof compute>>, cached: true };
      }
      const value = await compute();
      const written = await compress(JSON.stringify(value));
      // Renamed when whole, so that a run that is killed leaves no half file.
      const part = `${pathOf(key)}.${process.pid}`;
      await writeFile(part, written);
      await rename(part, pathOf(key));
      return { key, value, cached: false };
    },
    get,
    getWithEngine: async (key) => ({ value: await get(key), engine: engines.get(key) ?? '' }),
  };
}

async function read(path: string): Promise<unknown> {
  try {
    return JSON.parse((await expand(await readFile(path))).toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
