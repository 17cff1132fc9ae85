import { diceOf } from './dice.ts';

export const targets = [
  'worker-0',
  'worker-1',
  'starter-0',
  'starter-1',
  'postgres',
  'temporal',
  'objects',
] as const;

export type Target = (typeof targets)[number];

/** SIGKILL, or an orderly stop; the process comes back `downMs` after it has ended. */
export interface ProcessFault {
  what: 'kill' | 'restart';
  target: Target;
  atMs: number;
  /** Then it still waits for this. Default: nothing. */
  onceSaved?: true;
  downMs: number;
}

export const speechTroubles = ['unavailable', 'exhausted', 'deadline', 'hang'] as const;

/** `count` calls to the speech service fail so, after those of the faults before. */
export interface SpeechFault {
  what: 'speech';
  trouble: (typeof speechTroubles)[number];
  count: number;
  atMs: number;
}

export type PlannedFault = ProcessFault | SpeechFault;

export interface FaultPlanOptions {
  seed: number;
  uploads: number;
  durationMs: number;
}

/** Every target often enough to matter; workers and starters most, as they are the product. */
const KILLS: readonly Target[] = [
  'worker-0',
  'worker-1',
  'starter-0',
  'postgres',
  'worker-0',
  'temporal',
  'starter-1',
  'objects',
  'worker-1',
  'worker-0',
];
const RESTARTS: readonly Target[] = ['temporal', 'postgres', 'objects', 'starter-0', 'worker-0'];

/** Less than a start is tried for: what a starter has in hand then is started nowhere. */
const OUTAGE_MS = { starterAfter: 4000, temporalDown: 5500 };
/** One for so many uploads, two at least. */
const UPLOADS_PER_OUTAGE = 200;

/** In order of time, the same for the same seed; at least ten kills, seven for a hundred uploads. */
export function planFaults({ seed, uploads, durationMs }: FaultPlanOptions): PlannedFault[] {
  const dice = diceOf(seed, 'faults');
  const spread = <T>(count: number, make: (index: number, atMs: number) => T): T[] =>
    Array.from({ length: count }, (_, index) =>
      make(index, Math.round(((index + dice.between(0, 1)) / count) * durationMs)),
    );
  const process =
    (what: ProcessFault['what'], order: Target[]) =>
    (index: number, atMs: number): ProcessFault => {
      const target = order[index] as Target;
      // One worker lives through the second half, or a leak would be killed before it is seen.
      const spared = target === 'worker-1' && atMs > durationMs / 2 ? 'worker-0' : target;
      return { what, target: spared, atMs, downMs: Math.round(dice.between(100, 3000)) };
    };
  const kills = Math.max(10, Math.ceil(uploads * 0.07)) + 2;
  const restarts = Math.ceil(kills / 3);
  const outages = Math.max(2, Math.ceil(uploads / UPLOADS_PER_OUTAGE));
  return [
    ...spread(outages, (_, atMs) => outage(atMs)).flat(),
    ...spread(kills, process('kill', dice.shuffled(repeated(KILLS, kills)))),
    ...spread(restarts, process('restart', dice.shuffled(repeated(RESTARTS, restarts)))),
    ...spread(Math.ceil(uploads / 8), (index, atMs): SpeechFault => ({
      what: 'speech',
      trouble: speechTroubles[index % speechTroubles.length] ?? 'unavailable',
      count: dice.whole(1, 3),
      atMs,
    })),
  ].sort((one, other) => one.atMs - other.atMs);
}

/** Temporal is away, and both starters are killed with what they could not start. */
function outage(atMs: number): ProcessFault[] {
  const { starterAfter, temporalDown } = OUTAGE_MS;
  const starters = ['starter-0', 'starter-1'] as const;
  return [
    { what: 'kill', target: 'temporal', atMs, downMs: temporalDown },
    ...starters.map((target): ProcessFault => {
      return { what: 'kill', target, atMs: atMs + starterAfter, downMs: 500 };
    }),
  ];
}

function repeated<T>(list: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => list[index % list.length] as T);
}
