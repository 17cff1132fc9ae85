import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { scoreRecording } from '../../src/scoring/score.ts';
import { GOLDEN_FILE, goldenOf, goldenProblems, type Golden } from '../support/golden.ts';

const golden = JSON.parse(readFileSync(GOLDEN_FILE, 'utf8')) as Golden;

describe('golden scores', () => {
  it('of the 30 lesson recordings stay as they are while formula and model do', () => {
    assert.equal(golden.recordings.length, 30);
    assert.deepEqual(goldenProblems(golden, goldenOf()), []);
  });

  it('hold a score, a ratio and the words of every recording that was scored', () => {
    const scored = golden.recordings.filter(({ overall }) => overall !== null);
    // One of them is not the sentence of its lesson: experts gave it 0.4 of 10.
    assert.ok(scored.length >= 29);
    for (const { overall, speedRatio, mispronouncedWords } of scored) {
      assert.ok(overall !== null && overall > 0 && overall <= 100);
      assert.ok(speedRatio !== null && speedRatio > 0);
      assert.ok(Array.isArray(mispronouncedWords));
    }
  });

  it('catch a formula that was changed by a tenth of a point, and say what to do', () => {
    const changed = goldenOf((input) => {
      const result = scoreRecording(input);
      const isPlanted = input.sentence.startsWith('Tom') && result.overall !== null;
      return isPlanted ? { ...result, overall: (result.overall ?? 0) + 0.1 } : result;
    });
    const [advice = '', ...moved] = goldenProblems(golden, changed);
    assert.match(advice, /raise FORMULA_VERSION in src\/scoring\/score\.ts .* run npm run golden/);
    assert.equal(moved.length, 1);
    assert.match(moved[0] ?? '', /"Tom likes the old sweater\.": overall was [\d.]+, is [\d.]+$/);
  });

  it('catch a word that changed its kind, and a null that became a figure', () => {
    const changed = goldenOf((input) => ({
      ...scoreRecording(input),
      mispronouncedWords: ['planted'],
      pitchSimilarity: null,
    }));
    const problems = goldenProblems(golden, changed).join('\n');
    assert.match(problems, /mispronouncedWords was \[\], is \["planted"\]/);
    assert.match(problems, /pitchSimilarity was 0\.\d+, is null/);
  });

  it('ask for new figures when formula or model got a new version', () => {
    for (const version of [{ formulaVersion: 'new' }, { modelVersion: 'new' }]) {
      const [problem = ''] = goldenProblems(golden, { ...golden, ...version });
      assert.match(problem, /run npm run golden/);
    }
  });
});
