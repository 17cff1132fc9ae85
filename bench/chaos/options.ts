import { parseArgs } from 'node:util';
import { PLANTED_UPLOADS } from './plan.ts';
import { plantNames, type PlantName } from './plants/plant.ts';

export interface ChaosOptions {
  uploads: number;
  seed: number;
  /** How long uploads and faults take; what follows comes on top. */
  minutes: number;
  json: boolean;
  /** Logs and data are kept even where all is well. */
  keep: boolean;
  /** False: no message is lost, and nothing looks for lost ones. */
  reconcile: boolean;
  plant: PlantName | null;
  /** With `plant`: in the plan of a run without it, which reconciles. */
  ordinary: boolean;
  /** With `plant`: its plan, without its bug. Else the plan of uploads, without a fault. */
  control: boolean;
}

const UPLOADS = 120;

export const USAGE = `npm run chaos -- [options]

Runs all of Elocute as processes, uploads, breaks things by a seeded plan, mends them, and checks
that every accepted upload ended in exactly one row.

  --uploads N      how many uploads (default ${UPLOADS})
  --seed S         the plan (default 1)
  --minutes M      how long uploads and faults go on (default: 0.8 s for every upload, 60 s at least)
  --json           the outcome as one JSON object on standard output
  --keep           keep logs and data
  --no-reconcile   lose no message, and do not look for lost ones: events alone must do
  --plant BUG      run with a planted bug, which must be found: ${plantNames.join(', ')}
  --ordinary       with --plant: in the plan above, not in the bug's own short one
  --control        without a fault; with --plant: with its faults, without its bug
`;

const S_PER_UPLOAD = 0.8;
const LEAST_S = 60;

/** @throws Error that says what is wrong */
export function parseChaosOptions(args: readonly string[]): ChaosOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      uploads: { type: 'string' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      'no-reconcile': { type: 'boolean', default: false },
      plant: { type: 'string' },
      ordinary: { type: 'boolean', default: false },
      control: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const plant = plantNames.find((name) => name === values.plant) ?? null;
  if (values.plant !== undefined && plant === null) {
    throw new Error(`--plant must be one of ${plantNames.join(', ')}.`);
  }
  if (values.ordinary && plant === null) throw new Error('--ordinary needs --plant.');
  const uploads = wholeNumber(
    '--uploads',
    values.uploads ?? String(plant === null || values.ordinary ? UPLOADS : PLANTED_UPLOADS[plant]),
    1,
  );
  const minutes = Number(values.minutes ?? Math.max(LEAST_S, uploads * S_PER_UPLOAD) / 60);
  if (!(minutes > 0)) throw new Error('--minutes must be a number above 0.');
  return {
    uploads,
    seed: wholeNumber('--seed', values.seed, 0),
    minutes,
    json: values.json,
    keep: values.keep,
    reconcile: !values['no-reconcile'],
    plant,
    ordinary: values.ordinary,
    control: values.control,
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} must be a whole number from ${least}.`);
}
