import assert from 'node:assert/strict';
import { compareSpeed, fluencyFiguresOf } from '../../src/scoring/speed.ts';
import { timeSpeech } from '../../src/scoring/timing.ts';
import { makeSpeech, sentence, type SpeechPlan } from '../support/made-speech.ts';

function timing(plan: Partial<SpeechPlan> = {}) {
  const { alignment, pitch } = makeSpeech({ words: sentence, ...plan });
  return timeSpeech(alignment, pitch.energyDb);
}

describe('compareSpeed', () => {
  it('gives 1 and 0 for the same recording', () => {
    assert.deepEqual(compareSpeed(timing(), timing()), { ratio: 1, overallLog2Ratio: 0 });
  });

  it('is below 1 for slower speech', () => {
    const speed = compareSpeed(timing({ slower: 2 }), timing());
    assert.ok(speed);
    assert.ok(Math.abs(speed.ratio - 0.5) < 1e-9);
    assert.ok(Math.abs(speed.overallLog2Ratio + 1) < 1e-9);
  });

  it('counts pauses in the overall rate only', () => {
    const speed = compareSpeed(timing({ gapsS: [0, 1.2] }), timing());
    assert.ok(speed);
    assert.ok(Math.abs(speed.ratio - 1) < 1e-9);
    assert.ok(Math.abs(speed.overallLog2Ratio + 1) < 1e-9);
  });

  it('is undefined without a syllable', () => {
    const mute = { ...timing(), syllableCount: 0 };
    assert.equal(compareSpeed(mute, timing()), null);
    assert.equal(compareSpeed(timing(), mute), null);
  });
});

describe('fluencyFiguresOf', () => {
  it('reports rates, pauses and runs', () => {
    // Six syllables in 1.2 s; "tom likes" | "layla today" with 0.3 s, and 0.1 s that is no pause.
    const figures = fluencyFiguresOf(timing({ gapsS: [0, 0.3, 0.1] }));
    assert.equal(figures.pauseCount, 1);
    assert.ok(Math.abs(figures.pauseTotalS - 0.3) < 1e-9);
    assert.ok(Math.abs(figures.longestPauseS - 0.3) < 1e-9);
    assert.ok(Math.abs(figures.speechRate - 6 / 1.6) < 1e-9);
    assert.ok(Math.abs(figures.articulationRate - 6 / 1.3) < 1e-9);
    assert.equal(figures.meanRunLength, 3);
  });

  it('reports one run and no pause for speech in one breath', () => {
    const figures = fluencyFiguresOf(timing());
    assert.equal(figures.pauseCount, 0);
    assert.equal(figures.longestPauseS, 0);
    assert.equal(figures.meanRunLength, 6);
  });
});
