/** What is measured on each phone, before and after comparing it with good speech. */
import type { PhoneRow } from './phone-rows.ts';
import { known, mean } from './statistics.ts';

const SHORTEST_S = 0.03;
const FURTHEST_Z = 6;

type Template = readonly [mean: number, sd: number];

/** Mean and standard deviation in good speech: of all phones, and by key (see `PhoneRow.key`). */
export interface MeasureTemplates {
  fallback: Template;
  byKey: Readonly<Record<string, Template>>;
}

/** What the measures are computed from. */
export type MeasuredPhone = Pick<PhoneRow, 'key' | 'goodness' | 'durationS' | 'lpp' | 'confusion'>;

/** By measure, see `rawMeasures`; those without templates are not computed. */
export type Templates = Readonly<Record<string, MeasureTemplates>>;

/** By measure, one value per phone; NaN where missing. */
export type Measures = ReadonlyMap<string, readonly number[]>;

/**
 * By measure: `goodness` nats per frame, ≤ 0; `ld` log seconds; `lpp` log posterior of the expected
 * phone, ≤ 0; `px` the posterior, 0–1; `conf` log posterior against its typical replacements, ≤ 0.
 * With the templates of `ld` also `ldn`, which is `ld` without the recording's tempo: the mean
 * deviation from them (log seconds) is taken off.
 */
export function rawMeasures(
  rows: readonly MeasuredPhone[],
  durations: MeasureTemplates | undefined,
): Map<string, number[]> {
  const each = (measure: (row: MeasuredPhone) => number): number[] => rows.map(measure);
  const raw = new Map([
    ['goodness', each((row) => row.goodness)],
    ['ld', each(logDuration)],
    ['lpp', each((row) => known(row.lpp))],
    ['px', each((row) => Math.exp(known(row.lpp)))],
    ['conf', each((row) => -Math.log1p(Math.exp(known(row.confusion))))],
  ]);
  if (durations) {
    const off = rows.map((row) => logDuration(row) - templateOf(durations, row)[0]);
    const tempo = mean(off);
    raw.set(
      'ldn',
      off.map((value) => value - tempo),
    );
  }
  return raw;
}

/** Log seconds, at least log 0.03. */
function logDuration(row: MeasuredPhone): number {
  return Math.log(Math.max(SHORTEST_S, row.durationS));
}

/** Every measure that has templates, in standard deviations from good speech, −6 to 6. */
export function deviations(rows: readonly MeasuredPhone[], templates: Templates): Measures {
  const raw = rawMeasures(rows, templates['ld']);
  const result = new Map<string, number[]>();
  for (const [measure, values] of raw) {
    const own = templates[measure];
    if (own)
      result.set(
        measure,
        values.map((value, at) => deviation(value, templateAt(own, rows, at))),
      );
  }
  return result;
}

function templateAt(own: MeasureTemplates, rows: readonly MeasuredPhone[], at: number): Template {
  const row = rows[at];
  return row ? templateOf(own, row) : own.fallback;
}

function templateOf(own: MeasureTemplates, row: MeasuredPhone): Template {
  return own.byKey[row.key] ?? own.fallback;
}

function deviation(value: number, [centre, sd]: Template): number {
  return Math.min(FURTHEST_Z, Math.max(-FURTHEST_Z, (value - centre) / sd));
}
