import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchSyllables } from '../../src/scoring/match-syllables.ts';
import { pausesOf, timeSpeech } from '../../src/scoring/timing.ts';
import { makeSpeech, sentence, SILENT_DB } from '../support/made-speech.ts';
import { speechPlan } from '../support/speech-arbitraries.ts';

describe('timeSpeech', () => {
  it('gives silence that the first and last phone swallowed back to the edges', () => {
    const { pitch, alignment } = makeSpeech({ words: sentence, edgeS: 0.5 });
    const words = structuredClone(alignment.words);
    const first = words[0];
    const last = words.at(-1);
    assert.ok(first?.phones[0] && last);
    first.phones[0].startS = first.startS = 0;
    const lastPhone = last.phones.at(-1);
    assert.ok(lastPhone);
    lastPhone.endS = last.endS = pitch.durationS;
    const timing = timeSpeech({ kind: 'aligned', words }, pitch.energyDb);
    assert.deepEqual(timing.words, alignment.words);
    assert.equal(timing.spanS, 1.2);
  });

  it('keeps 50 ms of an edge phone even where all of it is silent', () => {
    const { pitch, alignment } = makeSpeech({ words: sentence });
    const energyDb = pitch.energyDb.map((db, frame) => (frame < 40 ? SILENT_DB : db));
    const [tom] = timeSpeech(alignment, energyDb).words;
    assert.equal(tom?.startS, 0.35);
    assert.equal(tom.phones[0]?.startS, 0.35);
    assert.equal(tom.syllables[0]?.startS, 0.35);
  });

  it('measures a gap that the aligner left, and leaves it out of the articulation time', () => {
    const { pitch, alignment } = makeSpeech({ words: sentence, gapsS: [0, 0.3, 0] });
    const timing = timeSpeech(alignment, pitch.energyDb);
    assert.deepEqual(timing.gapsS, [0, 0.3, 0]);
    assert.equal(timing.spanS, 1.5);
    assert.equal(timing.articulationS, 1.2);
  });

  it('finds a pause that the consonant after it swallowed', () => {
    const { pitch, alignment } = makeSpeech({ words: sentence, gapsS: [0, 0.3, 0] });
    const words = structuredClone(alignment.words);
    const layla = words[2];
    assert.ok(layla?.phones[0]);
    layla.startS = layla.phones[0].startS = words[1]?.endS ?? NaN;
    const timing = timeSpeech({ kind: 'aligned', words }, pitch.energyDb);
    assert.deepEqual(timing.gapsS, [0, 0.3, 0]);
  });

  it('counts a gap of exactly 0.2 s as a pause, and a shorter one not', () => {
    const { pitch, alignment } = makeSpeech({ words: sentence, gapsS: [0.2, 0.19, 0] });
    const timing = timeSpeech(alignment, pitch.energyDb);
    assert.deepEqual(pausesOf(timing.gapsS), [0.2]);
    assert.ok(Math.abs(timing.articulationS - 1.39) < 1e-9);
  });

  it('never lets articulation exceed the span, and finds the planned gaps', () => {
    fc.assert(
      fc.property(speechPlan, (plan) => {
        const { pitch, alignment } = makeSpeech(plan);
        const timing = timeSpeech(alignment, pitch.energyDb);
        assert.ok(timing.articulationS > 0 && timing.articulationS <= timing.spanS + 1e-9);
        for (const [index, gap] of timing.gapsS.entries()) {
          assert.ok(Math.abs(gap - (plan.gapsS?.[index] ?? 0)) < 1e-9);
        }
      }),
    );
  });
});

describe('matchSyllables', () => {
  it('leaves out a word whose two variants differ in vowel count', () => {
    const made = makeSpeech({ words: sentence });
    const timing = timeSpeech(made.alignment, made.pitch.energyDb);
    const words = timing.words.map((word, index) =>
      index === 2 ? { ...word, syllables: word.syllables.slice(1) } : word,
    );
    const matched = matchSyllables(timing, { ...timing, words });
    assert.deepEqual(
      matched.map((unit) => unit.word),
      [0, 1, 3, 3],
    );
  });
});
