/** Before and after a batch: the distribution of each score's moves, and what moved most. */
import type { LessonLine } from '../contract.ts';
import type { FailureCode } from '../failures.ts';
import type { BatchItem, RescoredFigures } from './batch.ts';

/** 0–100 scores first, then the 0–1 figures. */
export const REPORTED = [
  'overall',
  'accuracy',
  'fluency',
  'prosody',
  'pitchSimilarity',
  'rhythmSimilarity',
  'pauseSimilarity',
  'speedRatio',
  'mispronouncedRatio',
] as const;

export type ReportedFigure = (typeof REPORTED)[number];

/** Upper bounds of the moves' classes, in the figure's own unit; above the last: more. */
const BOUNDS = { score: [0, 1, 2, 5, 10, 20], ratio: [0, 0.01, 0.02, 0.05, 0.1, 0.2] };
const LARGEST = 20;

export interface FigureReport {
  figure: ReportedFigure;
  /** Scorings that have it before and after. */
  count: number;
  meanBefore: number | null;
  meanAfter: number | null;
  /** Of after − before. */
  meanMove: number | null;
  up: number;
  down: number;
  appeared: number;
  vanished: number;
  /** How many move by at most so much, and by more than the bound before; null: more than all. */
  moves: { atMost: number | null; count: number }[];
}

export interface Mover {
  scoringId: string;
  lesson: LessonLine | null;
  move: number;
  before: number | null;
  after: number | null;
  attemptBefore: string;
  attemptAfter: string;
}

export interface FailureReport {
  code: FailureCode;
  count: number;
  /** The first of them. */
  scoringId: string;
  message: string;
}

export interface BatchReport {
  compared: number;
  failures: FailureReport[];
  figures: FigureReport[];
  movers: Mover[];
}

export interface ReportBuilder {
  add(item: BatchItem): void;
  report(): BatchReport;
}

/** Takes items one by one, so that a batch of any size needs no more memory than its report. */
export function createReport(): ReportBuilder {
  const figures = REPORTED.map((figure) => ({
    ...empty(figure),
    sums: [0, 0] as [number, number],
  }));
  let movers: Mover[] = [];
  const failures = new Map<FailureCode, FailureReport>();
  let compared = 0;
  return {
    add({ scoringId, lesson, before, after, move, failureCode: code, failureMessage }) {
      if (code !== null) {
        const first = { code, count: 0, scoringId, message: failureMessage ?? '' };
        const failure = failures.get(code) ?? first;
        failures.set(code, { ...failure, count: failure.count + 1 });
      }
      if (before === null || after === null) return;
      compared += 1;
      for (const figure of figures) count(figure, before, after);
      if (move === null || move === 0) return;
      movers.push({
        scoringId,
        lesson,
        move,
        before: before.overall,
        after: after.overall,
        attemptBefore: before.attempt,
        attemptAfter: after.attempt,
      });
      if (movers.length > 10 * LARGEST) movers = largest(movers);
    },
    report: () => ({
      compared,
      failures: [...failures.values()].sort((a, b) => b.count - a.count),
      figures: figures.map(({ sums: [before, after], ...figure }) => ({
        ...figure,
        meanBefore: mean(before, figure.count),
        meanAfter: mean(after, figure.count),
        meanMove: mean(after - before, figure.count),
      })),
      movers: largest(movers),
    }),
  };
}

function empty(figure: ReportedFigure): FigureReport {
  return {
    figure,
    count: 0,
    meanBefore: null,
    meanAfter: null,
    meanMove: null,
    up: 0,
    down: 0,
    appeared: 0,
    vanished: 0,
    moves: [...boundsOf(figure), null].map((atMost) => ({ atMost, count: 0 })),
  };
}

function boundsOf(figure: ReportedFigure): number[] {
  return /Similarity|Ratio/.test(figure) ? BOUNDS.ratio : BOUNDS.score;
}

function count(
  report: FigureReport & { sums: [number, number] },
  beforeAll: RescoredFigures,
  afterAll: RescoredFigures,
): void {
  const [before, after] = [beforeAll[report.figure], afterAll[report.figure]];
  if (before === null && after === null) return;
  if (before === null) report.appeared += 1;
  else if (after === null) report.vanished += 1;
  else {
    report.count += 1;
    report.sums[0] += before;
    report.sums[1] += after;
    if (after > before) report.up += 1;
    if (after < before) report.down += 1;
    // To a thousandth: 0.3 − 0.2 is a little more than 0.1.
    const move = Math.round(Math.abs(after - before) * 1000) / 1000;
    const found = report.moves.find(({ atMost }) => atMost === null || move <= atMost);
    if (found !== undefined) found.count += 1;
  }
}

function mean(sum: number, count: number): number | null {
  return count === 0 ? null : Math.round((sum / count) * 1000) / 1000 + 0;
}

function largest(movers: Mover[]): Mover[] {
  return movers
    .sort((a, b) => b.move - a.move || (a.scoringId < b.scoringId ? -1 : 1))
    .slice(0, LARGEST);
}
