/** Analyses by content, computed once however many ask at the same time. */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalysisKey, AnalysisStore, KeptAnalysis } from '../activities/ports.ts';
import { ElocuteError } from '../failures.ts';
import type { Database } from './postgres.ts';

/** A killed worker's claim ends after this; a living one renews it long before. */
const LEASE_S = 15;
const RENEW_EVERY_MS = 4000;
/** Waiting for somebody else's result: soon enough to feel immediate, rare enough to be free. */
const POLL_MS = { least: 100, most: 400 };

export function createAnalysisStore(database: Database): AnalysisStore {
  const find = async (key: string) => {
    const rows = await database.query<{ value: unknown; engine: string }>(
      'select value, engine from elocute.analysis where key = $1',
      [key],
    );
    return rows[0];
  };
  const findKept = async (key: string) => {
    const kept = await find(key);
    if (kept !== undefined) return kept;
    throw new ElocuteError('INTERNAL', `no analysis is kept under ${key}`);
  };
  return {
    async once<T>(parts: AnalysisKey, compute: () => Promise<T>, signal: AbortSignal) {
      const key = analysisKeyOf(parts);
      let pauseMs = POLL_MS.least;
      for (;;) {
        const kept = await find(key);
        if (kept !== undefined) return { key, value: kept.value as T, cached: true };
        const owner = randomUUID();
        if (await claim(database, key, owner)) {
          return await computeClaimed({ database, key, owner, parts, compute, find });
        }
        await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal });
        pauseMs = Math.min(POLL_MS.most, pauseMs * 1.5);
      }
    },
    get: async (key) => (await findKept(key)).value,
    getWithEngine: findKept,
  };
}

/** The kind in clear, the rest as SHA-256: equal parts, equal key. */
export function analysisKeyOf({ kind, engine, sha256, sentence }: AnalysisKey): string {
  const digest = createHash('sha256').update(JSON.stringify([engine, sha256, sentence]));
  return `${kind}-${digest.digest('hex')}`;
}

/** True for exactly one of all who ask, until its lease runs out. */
async function claim(database: Database, key: string, owner: string): Promise<boolean> {
  const rows = await database.query(
    `insert into elocute.analysis_claim (key, owner, expires_at)
     values ($1, $2, now() + make_interval(secs => $3))
     on conflict (key) do update set owner = excluded.owner, expires_at = excluded.expires_at
       where elocute.analysis_claim.expires_at < now()
     returning owner`,
    [key, owner, LEASE_S],
  );
  return rows.length === 1;
}

interface Claimed<T> {
  database: Database;
  key: string;
  owner: string;
  parts: AnalysisKey;
  compute: () => Promise<T>;
  find: (key: string) => Promise<{ value: unknown } | undefined>;
}

async function computeClaimed<T>(claimed: Claimed<T>): Promise<KeptAnalysis<T>> {
  const { database, key, owner, parts, compute, find } = claimed;
  const renewal = setInterval(() => {
    // A failed renewal is no failure: at worst somebody else computes the same once more.
    renew(database, key, owner).catch(() => undefined);
  }, RENEW_EVERY_MS);
  try {
    // Whoever held the claim before may have finished between our look and our claim.
    const kept = await find(key);
    if (kept !== undefined) return { key, value: kept.value as T, cached: true };
    const startedMs = performance.now();
    const value = await compute();
    await keep(database, key, parts, value, Math.round(performance.now() - startedMs));
    return { key, value, cached: false };
  } finally {
    clearInterval(renewal);
    // If this fails too, the lease runs out by itself.
    await release(database, key, owner).catch(() => undefined);
  }
}

async function renew(database: Database, key: string, owner: string): Promise<void> {
  await database.query(
    `update elocute.analysis_claim set expires_at = now() + make_interval(secs => $3)
     where key = $1 and owner = $2`,
    [key, owner, LEASE_S],
  );
}

async function release(database: Database, key: string, owner: string): Promise<void> {
  await database.query('delete from elocute.analysis_claim where key = $1 and owner = $2', [
    key,
    owner,
  ]);
}

async function keep(
  database: Database,
  key: string,
  { kind, engine, sha256, sentence }: AnalysisKey,
  value: unknown,
  computedMs: number,
): Promise<void> {
  await database.query(
    `insert into elocute.analysis (key, kind, engine, sha256, sentence, value, computed_ms)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (key) do nothing`,
    [key, kind, engine, sha256, sentence, JSON.stringify(value), computedMs],
  );
}
