import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AlignedWord, Transcript } from '../../src/scoring/analyses.ts';
import { wordFigures } from '../../src/scoring/word-figures.ts';
import { makeSpeech, sentence } from '../support/made-speech.ts';
import { scoreByGoodness } from '../support/goodness-evidence.ts';

/** About the average of good speech, and far below it. */
const GOOD = -5;
const POOR = -13;

function aligned(poorWords: readonly number[] = []): AlignedWord[] {
  return makeSpeech({ words: sentence, goodness: GOOD }).alignment.words.map((word, index) => ({
    ...word,
    phones: word.phones.map((phone) => ({
      ...phone,
      goodness: poorWords.includes(index) ? POOR : GOOD,
    })),
  }));
}

function heard(text: string): Transcript {
  const words = text.split(' ').filter((word) => word !== '');
  return {
    text,
    words: words.map((word, index) => ({
      text: word,
      startS: index,
      endS: index + 0.5,
      confidence: null,
    })),
  };
}

function kinds(transcript: string | null, words = aligned()): string {
  return scoreByGoodness({
    aligned: words,
    transcript: transcript === null ? null : heard(transcript),
  })
    .map((word) => `${word.text} ${word.kind}`)
    .join(', ');
}

describe('scoreWords', () => {
  it('finds nothing wrong where the recogniser heard every word', () => {
    assert.equal(kinds('tom likes layla today'), 'tom ok, likes ok, layla ok, today ok');
  });

  it('ignores capitals, punctuation and the shape of apostrophes', () => {
    const words = aligned().map((word, index) => (index === 1 ? { ...word, text: "isn't" } : word));
    assert.equal(kinds('Tom ISN’T Layla, today.', words), "tom ok, isn't ok, layla ok, today ok");
  });

  it('reads digits as the words they stand for', () => {
    const texts = ['twenty', 'five', 'six', 'today'];
    const words = aligned().map((word, index) => ({ ...word, text: texts[index] ?? '' }));
    assert.equal(kinds('25 6 today', words), 'twenty ok, five ok, six ok, today ok');
  });

  it('marks a word as mispronounced where the recogniser heard another, and says which', () => {
    const words = scoreByGoodness({
      aligned: aligned(),
      transcript: heard('tom lacks layla today'),
    });
    assert.equal(words[1]?.kind, 'mispronounced');
    assert.equal(words[1].heard, 'lacks');
    assert.equal(words[1].score, 59);
    assert.equal(words[0]?.heard, null);
  });

  it('marks a word as mispronounced on acoustic evidence alone', () => {
    const words = aligned([2]);
    assert.equal(kinds(null, words), 'tom ok, likes ok, layla mispronounced, today ok');
    assert.equal(
      kinds('tom likes layla today', words),
      'tom ok, likes ok, layla mispronounced, today ok',
    );
  });

  it('marks a word as omitted where neither recogniser nor acoustics found it, without times', () => {
    const words = scoreByGoodness({ aligned: aligned([2]), transcript: heard('tom likes today') });
    const { syllables, phones, ...layla } = words[2] ?? assert.fail();
    assert.deepEqual(layla, {
      text: 'layla',
      kind: 'omitted',
      score: 0,
      startS: null,
      endS: null,
      heard: null,
    });
    assert.deepEqual([syllables, phones], [[], []]);
  });

  it('believes good acoustics where the recogniser missed a word', () => {
    assert.equal(kinds('tom likes today'), 'tom ok, likes ok, layla ok, today ok');
    assert.equal(kinds(''), 'tom ok, likes ok, layla ok, today ok');
  });

  it('does not believe acoustics of a word squeezed into no time', () => {
    const words = aligned().map((word, index) =>
      index === 2 ? { ...word, endS: word.startS + 0.12 } : word,
    );
    assert.equal(kinds('tom likes today', words), 'tom ok, likes ok, layla omitted, today ok');
  });

  it('lists inserted words where they were heard, with their times and no score', () => {
    const words = scoreByGoodness({
      aligned: aligned(),
      transcript: heard('um tom likes likes layla today'),
    });
    assert.deepEqual(
      words.map((word) => word.kind),
      ['inserted', 'ok', 'inserted', 'ok', 'ok', 'ok'],
    );
    assert.deepEqual(
      words.map((word) => word.reason),
      ['hesitation', undefined, 'repetition', undefined, undefined, undefined],
    );
    const [um] = words;
    assert.deepEqual([um?.text, um?.score, um?.startS, um?.endS], ['um', null, 0, 0.5]);
  });

  it('gives phones and syllables of the word, each with times and the phones with a score', () => {
    const [tom] = scoreByGoodness({ aligned: aligned(), transcript: null });
    assert.deepEqual(
      tom?.phones.map(({ phone, stress, startS, endS }) => ({ phone, stress, startS, endS })),
      [
        { phone: 'T', stress: null, startS: 0.3, endS: 0.4 },
        { phone: 'AA', stress: 1, startS: 0.4, endS: 0.5 },
      ],
    );
    assert.deepEqual(tom.syllables, [
      { firstPhone: 0, phoneCount: 2, stress: 1, startS: 0.3, endS: 0.5 },
    ]);
    assert.ok(tom.phones.every((phone) => phone.score > 80 && phone.score <= 100));
  });

  it('calls a word mispronounced exactly where its score is below 60', () => {
    const goodness = fc.double({ min: -15, max: 0, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(goodness, { minLength: 12, maxLength: 12 }),
        fc.constantFrom('tom likes layla today', 'tom lice layla', 'um today tom', ''),
        (values, transcript) => {
          const pool = [...values];
          const words = aligned().map((word) => ({
            ...word,
            phones: word.phones.map((phone) => ({ ...phone, goodness: pool.pop() ?? GOOD })),
          }));
          const scored = scoreByGoodness({ aligned: words, transcript: heard(transcript) });
          for (const { kind, score } of scored) {
            if (kind === 'ok') assert.ok(score !== null && score >= 60);
            if (kind === 'mispronounced') assert.ok(score !== null && score < 60);
          }
          const ofSentence = scored.filter((word) => word.kind !== 'inserted');
          assert.deepEqual(
            ofSentence.map((word) => word.text),
            sentence.map((word) => word.text),
          );
        },
      ),
    );
  });
});

describe('wordFigures', () => {
  it('keeps order and repeats, and counts sentence words only', () => {
    const twice = aligned([0, 3]).map((word, index) => ({
      ...word,
      text: index % 3 === 0 ? 'the' : word.text,
    }));
    const words = scoreByGoodness({ aligned: twice, transcript: heard('likes layla the oh') });
    assert.deepEqual(wordFigures(words, true), {
      completeness: 75,
      mispronouncedWords: ['the', 'the'],
      mispronouncedRatio: 0.5,
    });
  });

  it('does not know completeness without a transcript', () => {
    const words = scoreByGoodness({ aligned: aligned(), transcript: null });
    assert.deepEqual(wordFigures(words, false), {
      completeness: null,
      mispronouncedWords: [],
      mispronouncedRatio: 0,
    });
  });
});
