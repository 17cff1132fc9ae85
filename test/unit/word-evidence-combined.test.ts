import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Transcript } from '../../src/scoring/analyses.ts';
import { wordsToPronounce } from '../../src/scoring/pronunciations.ts';
import { heardAs, pronunciationsOf, saidWell } from '../support/sounded-words.ts';
import { scoreByGoodness } from '../support/goodness-evidence.ts';

type Recogniser = NonNullable<Transcript['recogniser']>;

/** The second word of "Tom likes it", heard as "lacks". */
function likesHeardAsLacks(
  recogniser: Recogniser | null,
  confidence: number | null,
  goodness = -5,
): string {
  const aligned = saidWell('Tom likes it.').map((word) => ({
    ...word,
    phones: word.phones.map((phone) => ({ ...phone, goodness })),
  }));
  const { text, words } = heardAs('tom lacks it', 'google', confidence);
  const [, likes] = scoreByGoodness({
    aligned,
    transcript: recogniser === null ? { text, words } : { recogniser, text, words },
    pronunciations: pronunciationsOf('tom likes lacks it'),
  });
  return `${likes?.kind ?? ''} ${likes?.heard ?? '-'}`;
}

function reasons(sentence: string, heard: string): string[] {
  return scoreByGoodness({
    aligned: saidWell(sentence),
    transcript: heardAs(heard),
    pronunciations: pronunciationsOf(sentence, heard),
  }).flatMap(({ text, kind, reason }) => (kind === 'ok' ? [] : [`${text} ${reason ?? kind}`]));
}

describe('recogniser and acoustics', () => {
  it('believe Google that hears another word, unless it doubts it and the acoustics are good', () => {
    assert.equal(likesHeardAsLacks('google', 0.9), 'mispronounced lacks');
    assert.equal(likesHeardAsLacks('google', null), 'mispronounced lacks');
    assert.equal(likesHeardAsLacks('google', 0.3), 'ok -');
    assert.equal(likesHeardAsLacks('google', 0.3, -6.8), 'mispronounced lacks');
  });

  it('never believe the offline recogniser in that, whatever its confidence', () => {
    assert.equal(likesHeardAsLacks('offline', 0.99), 'ok -');
    assert.equal(likesHeardAsLacks('offline', 0.01), 'ok -');
  });

  it('read transcripts that do not say whose they are, without their confidence', () => {
    assert.equal(likesHeardAsLacks(null, 0.3), 'mispronounced lacks');
  });

  it('let no confidence of a word that was heard right change anything', () => {
    const judged = (recogniser: Recogniser, confidence: number | null) =>
      scoreByGoodness({
        aligned: saidWell('Tom likes it.'),
        transcript: heardAs('tom likes it', recogniser, confidence),
      });
    const confidence = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.constantFrom<Recogniser>('google', 'offline'), confidence, (who, value) => {
        assert.deepEqual(judged(who, value), judged('google', null));
      }),
    );
  });
});

describe('inserted words', () => {
  it('are repetitions where words are said again, whole or begun', () => {
    assert.deepEqual(reasons('The cat sat.', 'the the cat sat'), ['the repetition']);
    assert.deepEqual(reasons('The cat sat.', 'the cat the cat sat'), [
      'the repetition',
      'cat repetition',
    ]);
    assert.deepEqual(reasons('The cat sat.', 'the the the cat sat'), [
      'the repetition',
      'the repetition',
    ]);
    assert.deepEqual(reasons('Their toys.', 'there uh their toys'), [
      'uh hesitation',
      'their repetition',
    ]);
    assert.deepEqual(reasons('I like sweaters.', 'I like sweat sweaters'), ['sweat repetition']);
  });

  it('are hesitations or something else otherwise, and make no neighbour wrong', () => {
    assert.deepEqual(reasons('Tom likes it.', 'um Tom uh likes hmm it'), [
      'um hesitation',
      'uh hesitation',
      'hmm hesitation',
    ]);
    assert.deepEqual(reasons('I saw cat the dog.', 'I saw the cat the dog'), ['the other']);
    assert.deepEqual(reasons('Tom likes it.', 'Tom likes it very much'), [
      'very other',
      'much other',
    ]);
  });

  it('are words of the sentence where the sentence has them', () => {
    assert.deepEqual(reasons('Um, no no no.', 'um no no no'), []);
  });
});

describe('wordsToPronounce', () => {
  it('names the words of sentence and transcript once each, at most a thousand', () => {
    const alignment = { kind: 'aligned' as const, words: saidWell('The cat and the dog.') };
    const transcript = heardAs('The 2 dogs, 고양이 🙂');
    assert.deepEqual(wordsToPronounce(alignment, transcript), [
      'the',
      'cat',
      'and',
      'dog',
      'two',
      'dogs',
    ]);
    const long = heardAs(Array.from({ length: 3000 }, (_, index) => `${index}th`).join(' '));
    assert.ok(wordsToPronounce(alignment, long).length <= 1000);
    assert.deepEqual(wordsToPronounce({ kind: 'unaligned', reason: '' }, transcript), []);
    assert.deepEqual(wordsToPronounce(alignment, null), []);
  });
});
