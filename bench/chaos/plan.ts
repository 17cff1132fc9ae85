import type { EventWeather } from './event-fate.ts';
import { planFaults, type PlannedFault } from './plan-faults.ts';
import { planUploads, type PlannedKey } from './plan-uploads.ts';
import type { PlantName } from './plants/plant.ts';

export interface Plan {
  /** Scored before anything breaks: what the workers weigh then is the measure of later. */
  warmUp: PlannedKey[];
  keys: PlannedKey[];
  faults: PlannedFault[];
  /** Until then the bucket keeps no versions, as most do; null: it always keeps them. */
  versionedFromMs: number | null;
  /** What is lost by the weather, only reconciliation finds. */
  weather: EventWeather;
  reconcile: boolean;
}

export interface PlanOptions {
  seed: number;
  uploads: number;
  durationMs: number;
  recordings: number;
  /** Absent: true. Else no message may be lost, since nothing would find its upload. */
  reconcile?: boolean;
}

const WARM_UP = 8;
const LOST_SHARE = 0.03;

/** The whole run, the same for the same options. */
export function planRun(options: PlanOptions): Plan {
  const { seed, uploads, durationMs, recordings, reconcile = true } = options;
  const all = { seed, recordings };
  const warm = Math.min(WARM_UP, Math.ceil(uploads / 2));
  const warmUp = planUploads({ ...all, uploads: warm, durationMs: 0, goodOnly: true });
  const keys = planUploads({ ...all, seed: seed + 1, uploads: uploads - warm, durationMs });
  return {
    warmUp,
    keys: keys.map((key) => ({ ...key, user: key.user + warm })),
    faults: planFaults({ seed, uploads, durationMs }).filter(
      (fault) => reconcile || fault.what === 'speech' || fault.target !== 'objects',
    ),
    versionedFromMs: Math.round(durationMs / 2),
    weather: { rough: true, lostShare: reconcile ? LOST_SHARE : 0 },
    reconcile,
  };
}

/** The same run with nothing broken, doubled, delayed or lost: whatever is found then is wrong. */
export function planCalm(options: PlanOptions): Plan {
  return { ...planRun(options), faults: [], weather: { rough: false, lostShare: 0 } };
}

/** As many as show the bug. */
export const PLANTED_UPLOADS: Record<PlantName, number> = {
  'delete-before-start': 12,
  'no-unique-key': 4,
};

/**
 * A short run in which one bug must show. Nothing reconciles, since that would mend what the first
 * of them loses, and the queue is left alone.
 */
export function planPlanted(
  plant: PlantName,
  { seed, uploads, recordings }: Pick<PlanOptions, 'seed' | 'uploads' | 'recordings'>,
): Plan {
  const kill = { what: 'kill', atMs: 0, downMs: 500 } as const;
  const faults: Record<PlantName, PlannedFault[]> = {
    // While Temporal is away nothing can be started; what was received then must come again.
    'delete-before-start': [
      { ...kill, target: 'temporal', downMs: 6000 },
      { ...kill, target: 'starter-0', atMs: 4500 },
      { ...kill, target: 'starter-1', atMs: 4500 },
    ],
    // A row is there, and the answer that it is has not come yet.
    'no-unique-key': [
      { ...kill, target: 'worker-0', onceSaved: true },
      { ...kill, target: 'worker-1', onceSaved: true },
    ],
  };
  return {
    warmUp: [],
    keys: planUploads({ seed, uploads, recordings, durationMs: 3000, goodOnly: true }),
    faults: faults[plant],
    versionedFromMs: null,
    weather: { rough: false, lostShare: 0 },
    reconcile: false,
  };
}
