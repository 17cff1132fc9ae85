/** One fault run from start to verdict; nothing of it is left, except logs where it failed. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseRecordings } from '../../src/commands/demo-recordings.ts';
import { seedLessons } from '../../src/commands/seed-lessons.ts';
import { createApplication } from './application.ts';
import { BUCKETS, startChaosStack, type ChaosStack } from './chaos-stack.ts';
import { checkPaid } from './checker/check-paid.ts';
import { checkWorld } from './checker/check-world.ts';
import { readWorld } from './checker/read-world.ts';
import type { World } from './checker/world.ts';
import { LATEST_MS } from './event-fate.ts';
import { readEventLog } from './event-log.ts';
import { openLedger, type Ledger } from './ledger.ts';
import type { ChaosOptions } from './options.ts';
import { planCalm, planPlanted, planRun, type Plan } from './plan.ts';
import { plantOf } from './plants/plant.ts';
import { residentMiB, watchProcesses } from './process-tree.ts';
import { reconcile } from './reconcile.ts';
import { noCounts, runPlan, type RunCounts } from './run-plan.ts';
import { openObserver, settle, type Observer } from './settle.ts';
import { readSpeechLog } from './speech-log.ts';
import type { SpeechMessage } from './speech-process.ts';
import { createUploader, type ExampleRecording, type Uploader } from './uploader.ts';
import { judge, type Evidence, type MainsMemory, type Verdict } from './verdict.ts';

/** The example lessons have so many learners' recordings. */
const RECORDINGS = 30;
/** A step that failed waits up to two minutes for its next attempt. */
const PATIENCE_MS = 200_000;
/** Longer than the lease of an analysis. */
const QUIET_MS = 16_000;
const RECONCILE_TIMES = 5;
/** What the speech service has answered is kept when a worker has told PostgreSQL. */
const KEEPERS = ['worker-0', 'worker-1', 'postgres'] as const;
const PROGRESS_EVERY_MS = 10_000;

export async function runChaos(
  options: ChaosOptions,
  signal: AbortSignal,
  report: (line: string) => void,
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'elocute-chaos-'));
  let keep = options.keep;
  try {
    const verdict = await runIn(folder, options, signal, report);
    keep ||= !verdict.passed;
    return { ...verdict, logs: keep ? join(folder, 'logs') : null };
  } catch (error) {
    // Whatever was broken off by it, the interruption is the reason.
    signal.throwIfAborted();
    keep = true;
    report(`Logs: ${join(folder, 'logs')}`);
    throw error;
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function runIn(
  folder: string,
  options: ChaosOptions,
  signal: AbortSignal,
  report: (line: string) => void,
): Promise<Verdict> {
  const started = new Date();
  const recordings = exampleRecordings();
  const plan = planFor(options, recordings.length);
  const tree = watchProcesses();
  const stack = await startChaosStack({
    folder,
    seed: options.seed,
    weather: plan.weather,
    plant: options.plant === null || options.control ? null : plantOf(options.plant),
    tree,
    report,
  });
  const ledger = openLedger(join(folder, 'ledger.jsonl'));
  const uploader = createUploader(
    stack.environment['S3_ENDPOINT'] ?? '',
    recordings,
    ledger,
    createApplication(stack.environment['DATABASE_URL'] ?? ''),
  );
  const observer = await openObserver(stack.environment);
  const counts = noCounts();
  let evidence: Omit<Evidence, 'processesLeft' | 'filesLeft'>;
  try {
    const run = { stack, plan, uploader, observer, ledger, counts, signal, report };
    evidence = await runAndRead({ ...run, folder, options, started });
  } finally {
    uploader.close();
    await observer.close();
    await stack.close();
  }
  return judge({
    ...evidence,
    processesLeft: await tree.survivors(10_000),
    filesLeft: readdirSync(stack.paths.temporary),
  });
}

interface Run {
  options: ChaosOptions;
  folder: string;
  started: Date;
  stack: ChaosStack;
  plan: Plan;
  uploader: Uploader;
  observer: Observer;
  ledger: Ledger;
  counts: RunCounts;
  signal: AbortSignal;
  report: (line: string) => void;
}

async function runAndRead(run: Run): Promise<Omit<Evidence, 'processesLeft' | 'filesLeft'>> {
  const { options, plan, stack, uploader, observer, ledger, counts, signal, report } = run;
  await seedLessons(stack.environment);
  if (plan.versionedFromMs !== null) await uploader.setVersioning('Suspended', signal);
  const settled = () => settle({ observer, signal, patienceMs: PATIENCE_MS });

  for (const planned of plan.warmUp) await uploader.run(planned, signal);
  if (plan.warmUp.length > 0) {
    await delay(LATEST_MS, undefined, { signal });
    await settled();
  }
  const memoryBefore = memoryOf(stack);
  report(`Uploads and faults: ${Math.round(options.minutes * 60)} s, seed ${options.seed}`);
  const progress = showProgress(run);
  try {
    await runPlan({ ...plan, stack, uploader, observer, counts, signal });
    report('Faults have stopped; waiting until nothing is left to do …');
    const mended: SpeechMessage = { trouble: null };
    stack.parts.speech.send(mended);
    await delay(plan.weather.rough ? LATEST_MS : 3000, undefined, { signal });
    let quiet = await settled();
    const passes = plan.reconcile ? await reconcileUntilQuiet(run, settled) : [];
    quiet &&= (await observer.backlog()).running === 0;
    if (!quiet) report('Something does not go on.');
    const { dead } = await observer.backlog();
    if (plan.reconcile) await delay(QUIET_MS, undefined, { signal });
    const memoryAfter = memoryOf(stack);
    const events = readEventLog(stack.paths.eventLog);
    const speech = readSpeechLog(stack.paths.speechLog);
    const ends = KEEPERS.flatMap((name) => stack.parts[name].ends);
    const world = await readWorld({
      environment: stack.environment,
      buckets: BUCKETS,
      ledger,
      events: events.outcomes,
      ends,
    });
    return {
      options,
      seconds: Math.round((Date.now() - run.started.getTime()) / 1000),
      world,
      breaches: checkWorld(world),
      filesOfNoVersion: filesOfNoVersion(stack, world),
      counts,
      events,
      reconciled: passes,
      deadLetters: Math.max(dead, events.deadLetters),
      repeats: uploader.repeats(),
      deaths: Object.fromEntries(
        Object.values(stack.parts).map(({ name, deaths }) => [name, deaths.length]),
      ),
      speechStruck: speech.struck,
      paid: checkPaid(speech.paid, ends),
      memoryBefore,
      memoryAfter,
    };
  } finally {
    clearInterval(progress);
  }
}

/** What each pass has found, until one finds nothing. */
async function reconcileUntilQuiet(run: Run, settled: () => Promise<boolean>): Promise<number[]> {
  const { stack, started, observer, signal, report } = run;
  const found: number[] = [];
  const count = async () => (await observer.backlog()).workflows;
  while (found.at(-1) !== 0 && found.length < RECONCILE_TIMES) {
    const before = await count();
    await reconcile({ environment: stack.environment, since: started, signal });
    await settled();
    found.push((await count()) - before);
    report(`Reconciliation started ${found.at(-1) ?? 0} scorings.`);
  }
  return found;
}

function planFor(options: ChaosOptions, recordings: number): Plan {
  const { seed, uploads, minutes, plant, ordinary, control, reconcile } = options;
  if (plant !== null && !ordinary) return planPlanted(plant, { seed, uploads, recordings });
  const planned = { seed, uploads, durationMs: minutes * 60_000, recordings, reconcile };
  return plant === null && control ? planCalm(planned) : planRun(planned);
}

function exampleRecordings(): ExampleRecording[] {
  return chooseRecordings(RECORDINGS).map((recording) => ({
    lesson: recording.key.split('/').slice(2).join('/'),
    bytes: recording.bytes(),
  }));
}

/** Of the mains, each with what came from it. */
function memoryOf({ parts }: ChaosStack): MainsMemory {
  const heaviest = (...names: (keyof ChaosStack['parts'])[]): number | null => {
    const weights = names.map((name) => {
      const pid = parts[name].pid();
      return pid === null ? null : residentMiB(pid);
    });
    return weights.includes(null) ? null : Math.max(...weights.map(Number));
  };
  return {
    worker: heaviest('worker-0', 'worker-1'),
    starter: heaviest('starter-0', 'starter-1'),
  };
}

/** Contents on S3's disk beyond those of the versions it lists: halves of broken uploads. */
function filesOfNoVersion({ paths }: ChaosStack, { stored }: World): number {
  return readdirSync(paths.contents).length - stored;
}

function showProgress({ ledger, counts, observer, report }: Run): NodeJS.Timeout {
  const sum = (tally: Record<string, number>) =>
    Object.values(tally).reduce((total, count) => total + count, 0);
  return setInterval(() => {
    observer.backlog().then(
      ({ queued, running, workflows }) =>
        report(
          `${ledger.acknowledged.length} uploads, ${sum(counts.kills)} kills, ${sum(counts.restarts)} restarts, ` +
            `${queued} queued, ${running} scorings running, ${workflows - running} ended`,
        ),
      () =>
        report(
          `${ledger.acknowledged.length} uploads, ${sum(counts.kills)} kills (a server is away)`,
        ),
    );
  }, PROGRESS_EVERY_MS);
}
