import assert from 'node:assert/strict';
import { createReport } from '../../src/batches/batch-report.ts';
import { batchDetails, batchHeading, durationOf } from '../../src/batches/batch-details.ts';
import type { BatchItem, BatchProgress, RescoredFigures } from '../../src/batches/batch.ts';
import {
  DEFAULT_LIMITS,
  describeCounts,
  describeTolerance,
  limitProblems,
  toleranceExceeded,
} from '../../src/batches/limits.ts';
import { reportMarkdown } from '../../src/batches/report-markdown.ts';
import { scoreMove } from '../../src/batches/score-move.ts';

const FIGURES: RescoredFigures = {
  attempt: 'ok',
  overall: 80,
  accuracy: 70,
  fluency: 60,
  prosody: 50,
  pitchSimilarity: 0.7,
  rhythmSimilarity: 0.6,
  speedRatio: 0.9,
  pauseSimilarity: 1,
  mispronouncedRatio: 0.1,
  formula: '2',
  model: 'm',
};
const REFUSED: RescoredFigures = {
  ...FIGURES,
  attempt: 'off_script',
  overall: null,
  accuracy: null,
  fluency: null,
  prosody: null,
};

function item(position: number, after: Partial<RescoredFigures>, title = 'T'): BatchItem {
  const moved = { ...FIGURES, ...after };
  return {
    batchId: 'b',
    position,
    scoringId: String(position).padStart(64, '0'),
    state: 'changed',
    failureCode: null,
    failureMessage: null,
    before: FIGURES,
    after: moved,
    move: scoreMove(FIGURES, moved),
    lesson: { contentType: 'novel', level: 2, title, line: 1 },
  };
}

describe('the limits of a batch', () => {
  it('are as they are by default, and may be anything that makes sense', () => {
    assert.deepEqual(limitProblems(DEFAULT_LIMITS), []);
    assert.deepEqual(limitProblems({}), []);
    assert.deepEqual(limitProblems({ concurrency: 100, maxMove: 0, chunkSize: 1 }), []);
    assert.deepEqual(limitProblems({ tolerance: { count: 0, percent: 2.5 } }), []);
  });

  it('are refused where they make none, all at once', () => {
    for (const concurrency of [0, -1, 101, 1.5, Number.NaN]) {
      assert.equal(limitProblems({ concurrency }).length, 1, String(concurrency));
    }
    // What is no number is null once it has travelled as JSON.
    for (const maxMove of [-1, 101, Number.NaN, JSON.parse('null') as number]) {
      assert.equal(limitProblems({ maxMove }).length, 1, String(maxMove));
    }
    const tolerance = { count: 1.5, percent: -1 };
    assert.equal(limitProblems({ tolerance, chunkSize: 0, concurrency: 0 }).length, 4);
    assert.deepEqual(limitProblems({ rate: 5 } as object), ['rate is no limit of a batch']);
    assert.equal(limitProblems({ tolerance: { count: null, percent: null } }).length, 1);
  });

  it('are exceeded by one failure more than either', () => {
    const both = { count: 10, percent: 5 };
    assert.equal(toleranceExceeded(both, 10, 1000), false);
    assert.equal(toleranceExceeded(both, 11, 1000), true);
    assert.equal(toleranceExceeded(both, 5, 100), false);
    assert.equal(toleranceExceeded(both, 6, 100), true);
    assert.equal(toleranceExceeded({ count: 0, percent: null }, 0, 0), false);
    assert.equal(toleranceExceeded({ count: 0, percent: null }, 1, 1000), true);
    assert.equal(describeTolerance(both), '10 and 5%');
  });
});

describe('the move of a scoring', () => {
  it('is that of the score that moves most, in points', () => {
    assert.equal(scoreMove(FIGURES, FIGURES), 0);
    assert.equal(scoreMove(FIGURES, { ...FIGURES, overall: 80.3, prosody: 46.1 }), 3.9);
  });

  it('is the whole scale where a score appears or vanishes', () => {
    assert.equal(scoreMove(FIGURES, REFUSED), 100);
    assert.equal(scoreMove(REFUSED, FIGURES), 100);
    assert.equal(scoreMove(REFUSED, REFUSED), 0);
  });
});

describe('the report of a batch', () => {
  it('has the distribution of each score’s moves', () => {
    const builder = createReport();
    for (const [index, overall] of [80, 80.5, 81, 82, 75, 100, null].entries()) {
      builder.add(item(index, { overall }));
    }
    builder.add({ ...item(99, {}), before: null, after: null, move: null });
    const { compared, figures } = builder.report();
    assert.equal(compared, 7);
    const overall = figures.find(({ figure }) => figure === 'overall') ?? assert.fail();
    assert.deepEqual(
      overall.moves.map(({ atMost, count }) => [atMost, count]),
      [
        [0, 1],
        [1, 2],
        [2, 1],
        [5, 1],
        [10, 0],
        [20, 1],
        [null, 0],
      ],
    );
    assert.deepEqual(
      [overall.count, overall.up, overall.down, overall.vanished, overall.appeared],
      [6, 4, 1, 1, 0],
    );
    assert.deepEqual(
      [overall.meanBefore, overall.meanAfter, overall.meanMove],
      [80, 83.083, 3.083],
    );
  });

  it('keeps the twenty largest movers of however many', () => {
    const builder = createReport();
    for (let index = 0; index < 5000; index += 1) {
      builder.add(item(index, { overall: 80 - (index % 79) }));
    }
    const { movers } = builder.report();
    assert.equal(movers.length, 20);
    assert.ok(movers.every(({ move }) => move === 78));
    assert.equal(movers[0]?.scoringId, String(78).padStart(64, '0'));
  });

  it('is Markdown whose columns stand one below the other, titles and all', () => {
    const builder = createReport();
    builder.add(item(1, { overall: 91.5 }, 'A | B'));
    builder.add(item(2, REFUSED));
    const unscored = { before: null, after: null, move: null, state: 'failed' } as const;
    const failureCode = 'SCORING_UNKNOWN';
    const failureMessage = 'no completed\nscoring';
    for (const scoringId of ['f'.repeat(64), 'e'.repeat(64)]) {
      builder.add({ ...item(3, {}), ...unscored, scoringId, failureCode, failureMessage });
    }
    const text = reportMarkdown(builder.report());
    const tables = text.split('\n\n').filter((part) => part.startsWith('|'));
    assert.equal(tables.length, 3);
    assert.match(text, /\| SCORING_UNKNOWN +\| 2 +\| f{12} +\| no completed scoring \|/);
    assert.match(text, /The same in all: pitchSimilarity, .*mispronouncedRatio\./);
    for (const table of tables) {
      assert.equal(new Set(table.split('\n').map((line) => line.length)).size, 1, table);
    }
    assert.match(text, /\| overall +\| 80 +\| 91\.5 +\| \+11\.5 +\| 1 +\| 0 +\| 0 +\| 1 /);
    assert.match(text, /\| novel\/2\/A \\\| B\/1 \| 80 +\| 91\.5 +\| 11\.5/);
    assert.match(text, /\| 80 +\| off_script +\| 100/);
    assert.equal(reportMarkdown(createReport().report()), '0 scorings compared.');
  });
});

describe('the current details of a batch', () => {
  const progress: BatchProgress = {
    batchId: 'abcdefabcdef',
    status: 'running',
    phase: 'plan',
    dryRun: true,
    total: 1000,
    toDo: 1000,
    doneInPhase: 420,
    counts: { unchanged: 300, changed: 118, written: 0, failed: 2 },
    failureCodes: { ANALYSES_MISSING: 2 },
    inFlight: { children: 4, items: 80 },
    paused: false,
    limits: DEFAULT_LIMITS,
    itemsPerMinute: 2400,
    remainingS: 14.5,
    startedAtMs: 0,
  };

  it('say what is done, what is left, how fast, and why items failed', () => {
    const text = batchDetails(progress);
    for (const row of [
      '| state | computing |',
      '| computed | 420 of 1000 |',
      '| written | dry run: nothing is written |',
      '| failed | 2, at most 0 |',
      '| in flight | 80 in 4 of 4 children |',
      '| rate | 2400 a minute |',
      '| remaining | 15 s |',
      '| ANALYSES_MISSING | 2 |',
    ]) {
      assert.ok(text.includes(row), `${row} is not in\n${text}`);
    }
    assert.match(batchDetails({ ...progress, paused: true }), /\| state \| paused \|/);
  });

  it('begin with what is rescored for whom and why, in every run', () => {
    const source = { kind: 'filter', filter: { contentType: 'novel', level: 2 } } as const;
    const asked = { source, dryRun: true, reason: 'formula 2,\nagain', requestedBy: 'ada' };
    assert.equal(batchHeading(asked), 'Dry run. Rescore novel/2, for ada: formula 2, again');
    const plain = batchHeading({ ...asked, dryRun: false, reason: null });
    assert.equal(plain, 'Rescore novel/2, for ada');
  });

  it('give durations and counts in few words', () => {
    assert.deepEqual([45, 89.2, 100, 7200].map(durationOf), ['45 s', '90 s', '2 min', '2 h 0 min']);
    const { counts, failureCodes } = progress;
    assert.equal(
      describeCounts(counts, failureCodes, false),
      '300 unchanged, 118 changed, 0 written, 2 failed (ANALYSES_MISSING 2)',
    );
    assert.match(describeCounts(counts, {}, true), /118 changed, 2 failed$/);
  });
});
