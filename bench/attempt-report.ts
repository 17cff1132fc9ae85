/** From measurements to receiver operating figures. */
import { attemptKind, type AttemptKind, type RecordingFigures } from '../src/scoring/attempt.ts';
import type { Measurement } from './measure-attempts.ts';
import { areaUnderCurve } from './receiver-operating.ts';

/** What became of the recordings of one condition. */
export interface ConditionReport {
  condition: string;
  recordings: number;
  /** Shares, 0–1. */
  kinds: Partial<Record<AttemptKind, number>>;
  /** Share that was given no score, 0–1. */
  refused: number;
  /** The figure that should tell this condition from genuine recordings, and how well it does. */
  evidence: { name: string; areaUnderCurve: number | null } | null;
}

/** Higher speaks for the condition; null: no alignment, which speaks for it most. */
type Evidence = [name: string, value: (figures: RecordingFigures) => number | null];

const EVIDENCE: [condition: RegExp, Evidence][] = [
  [/^clipped/, ['clippedShare', ({ clippedShare }) => clippedShare]],
  [/^noise/, ['energyRangeDb', ({ energyRangeDb }) => -(energyRangeDb ?? 0)]],
  [/^(digital silence|quiet room)/, ['voicedFrames', ({ voicedFrames }) => -voicedFrames]],
  [/^only 0/, ['durationS', ({ durationS }) => -durationS]],
  [/^(another|only the)/, ['offScriptOdds', ({ offScriptOdds }) => offScriptOdds]],
];

export function reportAttempts(measured: readonly Measurement[]): ConditionReport[] {
  const conditions = [...new Set(measured.map(({ condition }) => condition))];
  const genuine = figuresOf(measured, 'genuine');
  return conditions.map((condition) => {
    const figures = figuresOf(measured, condition);
    const kinds = shares(figures.map(attemptKind));
    const evidence = EVIDENCE.find(([pattern]) => pattern.test(condition))?.[1];
    return {
      condition,
      recordings: figures.length,
      kinds,
      refused: round(1 - (kinds.ok ?? 0)),
      evidence: evidence
        ? { name: evidence[0], areaUnderCurve: area(evidence, figures, genuine) }
        : null,
    };
  });
}

/** What each limit would refuse: of genuine recordings, and of another sentence. */
export interface OperatingPoint {
  offScriptOdds: number;
  genuineRefused: number;
  anotherSentenceCaught: number;
}

export function offScriptCurve(measured: readonly Measurement[]): OperatingPoint[] {
  const [genuine, another] = ['genuine', 'another sentence'].map((condition) =>
    figuresOf(measured, condition).map(({ offScriptOdds }) => offScriptOdds ?? Infinity),
  );
  const from = (values: number[] = [], limit: number) =>
    round(values.filter((value) => value >= limit).length / Math.max(1, values.length));
  return [4, 3, 2.5, 2, 1.5, 1, 0.5, 0, -1, -2].map((offScriptOdds) => ({
    offScriptOdds,
    genuineRefused: from(genuine, offScriptOdds),
    anotherSentenceCaught: from(another, offScriptOdds),
  }));
}

export function toTable(reports: readonly ConditionReport[]): string {
  const rows = reports.map(({ condition, recordings, kinds, refused, evidence }) => [
    condition.padEnd(22),
    String(recordings).padStart(5),
    percent(refused).padStart(9),
    (evidence?.areaUnderCurve?.toFixed(3) ?? '–').padStart(7),
    `  ${Object.entries(kinds)
      .map(([kind, share]) => `${kind} ${percent(share)}`)
      .join(', ')}`,
  ]);
  const header = ['condition'.padEnd(22), '    n', '  refused', '    AUC', '  kinds'];
  return [header, ...rows].map((cells) => cells.join('')).join('\n');
}

function figuresOf(measured: readonly Measurement[], condition: string): RecordingFigures[] {
  return measured.filter((one) => one.condition === condition).map(({ attempt }) => attempt);
}

function area(
  [, value]: Evidence,
  positives: readonly RecordingFigures[],
  negatives: readonly RecordingFigures[],
): number | null {
  const known = (figures: RecordingFigures) => value(figures) ?? Infinity;
  const result = areaUnderCurve(positives.map(known), negatives.map(known));
  return result === null ? null : round(result);
}

function shares(kinds: readonly AttemptKind[]): Partial<Record<AttemptKind, number>> {
  const counts = new Map<AttemptKind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return Object.fromEntries(sorted.map(([kind, count]) => [kind, round(count / kinds.length)]));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function round(value: number): number {
  return Number(value.toFixed(4));
}
