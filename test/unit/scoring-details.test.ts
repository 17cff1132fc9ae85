import assert from 'node:assert/strict';
import type { ScoringProgress } from '../../src/contract.ts';
import { failures } from '../../src/failures.ts';
import { detailsOf } from '../../src/workflows/scoring-details.ts';
import { SUMMARY } from '../support/scripted-worker.ts';

const progress = (changes: Partial<ScoringProgress> = {}): ScoringProgress => ({
  status: 'scoring',
  steps: [
    { name: 'resolve lesson', state: 'done' },
    { name: 'pitch · standard', state: 'kept' },
    { name: 'transcript · learner', state: 'running' },
    { name: 'save', state: 'waiting' },
  ],
  summary: null,
  failureCode: null,
  ...changes,
});

describe('the current details of a scoring', () => {
  it('say how far it is, and which steps had nothing to compute', () => {
    assert.equal(
      detailsOf(progress()),
      [
        '**Scoring**: 2 of 4 steps are done.',
        '',
        '**Steps**',
        '',
        '- ✓ resolve lesson',
        '- ✓ pitch · standard (kept from before)',
        '- … transcript · learner (running)',
        '- save (not begun)',
      ].join('\n'),
    );
  });

  it('end with the scores, in words', () => {
    const details = detailsOf(progress({ status: 'completed', summary: SUMMARY }));
    assert.match(details, /^\*\*Overall 81\.2\*\* of 100 \(attempt: ok\)\n\n- accuracy 79\n/);
    assert.match(details, /\n- rhythm similarity 0\.662\n/);
  });

  it('say why there is no score where the attempt has none, and show no figure that is unknown', () => {
    const summary = { ...SUMMARY, attempt: 'off_script', overall: null };
    const details = detailsOf(progress({ status: 'completed', summary }));
    assert.match(details, /^\*\*No score\*\*: the attempt is off script\./);
    const unknown = { ...SUMMARY, pitchSimilarity: null };
    assert.doesNotMatch(
      detailsOf(progress({ status: 'completed', summary: unknown })),
      /pitch similarity|null/,
    );
  });

  it('end with the failure: the code, what happened, what to do, what the learner reads', () => {
    const details = detailsOf(
      progress({ status: 'failed', failureCode: 'STANDARD_MISSING' }),
      'no standard recording for novel level 2, line 1',
    );
    const { operator, learner } = failures.STANDARD_MISSING;
    assert.ok(
      details.startsWith(
        [
          '**STANDARD_MISSING**: no standard recording for novel level 2, line 1',
          `**What to do**: ${operator}`,
          `**The learner reads**: ${learner}`,
        ].join('\n\n'),
      ),
    );
  });

  it('say where a replay cannot help, and stay short however long the reason is', () => {
    const details = detailsOf(
      progress({ status: 'failed', failureCode: 'AUDIO_DAMAGED' }),
      'x'.repeat(5000),
    );
    assert.match(details, /A replay cannot help\./);
    assert.ok(details.length < 1500, `${details.length} characters`);
  });
});
