import assert from 'node:assert/strict';
import { loadConfig, type Environment } from '../../src/config.ts';
import { confidenceOf } from '../../src/scoring/confidence.ts';
import { scoreRecording } from '../../src/scoring/score.ts';
import { wantedReview } from '../../src/scoring/wanted-review.ts';
import { exampleResult } from '../support/example-result.ts';
import { lessonAnalyses } from '../support/golden.ts';

const DATABASE_URL = 'postgresql://u:p@db/app';
const policyOf = (REVIEW_POLICY: string) =>
  loadConfig({ DATABASE_URL, REVIEW_POLICY }).REVIEW_POLICY;
const problemOf = (environment: Environment): string => {
  try {
    loadConfig({ DATABASE_URL, ...environment });
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('the policy of reviews', () => {
  it('is `none` unless set, and reads lessons and limits', () => {
    assert.deepEqual(loadConfig({ DATABASE_URL }).REVIEW_POLICY, []);
    assert.deepEqual(policyOf('lesson:novel/level_2/*, confidence<0.6,overall < 40'), [
      { kind: 'lesson', rule: 'lesson:novel/level_2/*', pattern: 'novel/level_2/*' },
      { kind: 'below', rule: 'confidence<0.6', figure: 'confidence', below: 0.6 },
      { kind: 'below', rule: 'overall < 40', figure: 'overall', below: 40 },
    ]);
  });

  for (const [policy, complaint] of [
    ['confidence<60', /at most 1/],
    ['overall<0', /more than 0/],
    ['overal<40', /"overal" is none of confidence/],
    ['overall>40', /neither lesson:TYPE/],
    ['lesson:novel', /must be lesson:TYPE/],
    ['none,overall<40', /beside rules/],
    ['overall<40,,prosody<3', /empty rule/],
  ] as const) {
    it(`says what is wrong with "${policy}"`, () => {
      assert.match(problemOf({ REVIEW_POLICY: policy }), complaint);
    });
  }

  it('asks by lesson, where `*` crosses no slash, and by figure; the first rule is the reason', () => {
    const [first] = lessonAnalyses();
    const result = scoreRecording(first ?? assert.fail());
    const because = (policy: string, lesson = 'novel/level_2/A Breath of Life') =>
      wantedReview(policyOf(policy), lesson, result)?.because ?? null;
    assert.equal(because('lesson:novel/level_2/*'), 'lesson:novel/level_2/*');
    assert.equal(because('lesson:novel/level_2/A *'), 'lesson:novel/level_2/A *');
    assert.equal(because('lesson:novel/level_2/A'), null);
    assert.equal(because('lesson:novel/level_3/*'), null);
    assert.equal(because('lesson:*/*/*'), 'lesson:*/*/*');
    assert.equal(because('lesson:novel/level_2/*', 'novel/level_2/a/b'), null);
    assert.equal(because('overall<100,lesson:*/*/*'), 'overall<100');
    assert.equal(because('none'), null);
  });

  it('never asks about what has no score', () => {
    const silent = { ...exampleResult(), overall: null };
    assert.equal(wantedReview(policyOf('lesson:*/*/*'), 'novel/level_2/A', silent), null);
  });
});

describe('the confidence in a score', () => {
  it('is 0 to 1, and lowest for the real recording that is nearest to being refused', () => {
    const scored = lessonAnalyses()
      .map((one) => scoreRecording(one))
      .filter(({ overall }) => overall !== null);
    const confidences = scored.map((one) => confidenceOf(one) ?? NaN);
    assert.ok(confidences.every((one) => one >= 0 && one <= 1));
    const least = scored[confidences.indexOf(Math.min(...confidences))] ?? assert.fail();
    const odds = scored.map(({ attempt }) => attempt.offScriptOdds ?? NaN);
    assert.equal(least.attempt.offScriptOdds, Math.max(...odds));
  });

  it('falls with noise, with fewer words and with a faulty standard', () => {
    const [first] = lessonAnalyses();
    const result = scoreRecording(first ?? assert.fail());
    const all = confidenceOf(result) ?? 0;
    const noisy = { ...result, attempt: { ...result.attempt, energyRangeDb: 16 } };
    const short = { ...result, words: result.words.slice(0, 1) };
    const faulty = { ...result, standardFindings: ['STANDARD_CLIPPED'] as never };
    for (const worse of [noisy, short, faulty]) assert.ok((confidenceOf(worse) ?? 1) < all);
  });
});

describe('telling the application, configured', () => {
  const NOTIFY_SECRET = 's'.repeat(32);
  const NOTIFY_URL = 'https://app.example.com/hook';

  it('needs address and secret together, and https unless private addresses are meant', () => {
    assert.match(problemOf({ NOTIFY_URL }), /NOTIFY_SECRET is missing/);
    assert.match(problemOf({ NOTIFY_SECRET }), /NOTIFY_URL is missing/);
    assert.match(problemOf({ NOTIFY_URL, NOTIFY_SECRET: 'short' }), /32 to 512/);
    const http = { NOTIFY_URL: 'http://app.internal/', NOTIFY_SECRET };
    assert.match(problemOf(http), /must be https/);
    assert.equal(problemOf({ ...http, NOTIFY_ALLOW_PRIVATE: 'true' }), '');
    const named = { NOTIFY_URL: 'https://u:p@app.example.com/', NOTIFY_SECRET };
    assert.match(problemOf(named), /no user and password/);
    assert.equal(problemOf({ NOTIFY_URL, NOTIFY_SECRET }), '');
  });
});
