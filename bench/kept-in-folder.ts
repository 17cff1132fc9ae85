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
  const running = new Map<string, Promise<unknown>>();
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
      // Recordings of one sentence share their standard, and are rated side by side.
      const others = running.get(key);
      const work = others ?? compute().then((value) => keep(pathOf(key), value));
      if (others === undefined) running.set(key, work);
      try {
        const value = (await work) as Awaited<ReturnType<typeof compute>>;
        return { key, value, cached: others !== undefined };
      } finally {
        running.delete(key);
      }
    },
    get,
    getWithEngine: async (key) => ({ value: await get(key), engine: engines.get(key) ?? '' }),
  };
}

/** Renamed when whole, so that a run that is killed leaves no half file. */
async function keep<T>(path: string, value: T): Promise<T> {
  const part = `${path}.${process.pid}`;
  await writeFile(part, await compress(JSON.stringify(value)));
  await rename(part, path);
  return value;
}

async function read(path: string): Promise<unknown> {
  try {
    return JSON.parse((await expand(await readFile(path))).toString('utf8')) as unknown;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
