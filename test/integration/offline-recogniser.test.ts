import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createLexicon } from '../../src/adapters/lexicon.ts';
import {
  createOfflineRecogniser,
  type OfflineRecogniser,
} from '../../src/adapters/soundswallower.ts';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import type { Aligned } from '../../src/scoring/analyses.ts';
import { SentenceError } from '../../src/scoring/sentence-error.ts';
import { normaliseSentence } from '../../src/scoring/sentence.ts';
import { hum, silence, tone, whiteNoise } from '../support/no-speech.ts';
import { lessonPair, lessonPairs } from '../support/recordings.ts';

const noSpeech = {
  silence: silence(3),
  'no samples': silence(0),
  'less than 0.1 s': whiteNoise(0.09, 0.1),
  'white noise': whiteNoise(3, 0.1),
  'a quiet room': whiteNoise(3, 0.0005),
  'a tone': tone(3, 440),
  hum: hum(3),
  NaN: silence(1).fill(NaN),
};

function samplesOf(file: string): Float32Array {
  return decodeSpeech(readFileSync(file), { maxSeconds: 60 });
}

describe('offline recogniser', () => {
  let recogniser: OfflineRecogniser;
  const first = lessonPair(0);
  const samples = samplesOf(first.learner);

  before(async () => {
    recogniser = await createOfflineRecogniser(createLexicon());
  });
  after(() => recogniser.close());

  function align(recording: Float32Array, sentence: string): Aligned {
    const alignment = recogniser.align(recording, sentence);
    assert.equal(alignment.kind, 'aligned');
    return alignment;
  }

  it('leaves no exception handlers behind in the process', async () => {
    const counts = () => process.eventNames().map((name) => process.listenerCount(name));
    const before = counts();
    const other = await createOfflineRecogniser(createLexicon());
    other.close();
    assert.deepEqual(counts(), before);
  });

  it('lays the sentence over the recording in words, phones and syllables', () => {
    const { words } = align(samples, 'Does Layla like the jam?');
    assert.deepEqual(
      words.map(({ text }) => text),
      ['does', 'layla', 'like', 'the', 'jam'],
    );
    const layla = words[1];
    assert.deepEqual(
      layla?.phones.map(({ phone, stress }) => [phone, stress]),
      [
        ['L', null],
        ['EY', 1],
        ['L', null],
        ['AA', 0],
      ],
    );
    assert.deepEqual(
      layla.syllables.map(({ firstPhone, phoneCount, vowel, stress }) => [
        firstPhone,
        phoneCount,
        vowel,
        stress,
      ]),
      [
        [0, 2, 1, 1],
        [2, 2, 3, 0],
      ],
    );
  });

  it('aligns all sixty lesson recordings, with times and goodness in range', () => {
    for (const { sentence, learner, standard } of lessonPairs()) {
      for (const file of [learner, standard]) {
        const recording = samplesOf(file);
        const { words } = align(recording, sentence);
        assert.deepEqual(
          words.map(({ text }) => text),
          normaliseSentence(sentence),
        );
        let at = 0;
        for (const phone of words.flatMap(({ phones }) => phones)) {
          assert.ok(phone.startS >= at && phone.endS > phone.startS, file);
          assert.equal(phone.startS, Number(phone.startS.toFixed(2)));
          assert.ok(phone.goodness <= 0 && phone.goodness >= -1024 * 7.7);
          at = phone.endS;
        }
        assert.ok(at <= recording.length / 16_000 + 0.02, file);
      }
    }
  });

  it('keeps its times inside a recording that begins and ends in the middle of a word', () => {
    for (const { sentence, learner } of lessonPairs().filter((_, at) => at % 5 === 0)) {
      const whole = samplesOf(learner);
      const { words } = align(whole, sentence);
      const [begin, end] = [words[0], words.at(-1)].map((word) =>
        Math.round(8000 * ((word?.startS ?? 0) + (word?.endS ?? 0))),
      );
      const cut = whole.slice(begin, end);
      const durationS = cut.length / 16_000;
      let at = 0;
      for (const phone of align(cut, sentence).words.flatMap(({ phones }) => phones)) {
        const { startS = NaN, endS = NaN } = phone.evidence ?? {};
        // A phone that was cut off lies where the recording begins, or ends.
        assert.ok(phone.startS >= at && phone.endS >= phone.startS, sentence);
        assert.ok(startS >= 0 && endS >= startS && endS <= durationS + 0.01, sentence);
        at = phone.endS;
      }
      assert.ok(at <= durationS + 0.01, sentence);
    }
  });

  it('finds good speech better than poor speech', () => {
    const mean = (index: number) => {
      const { learner, sentence } = lessonPair(index);
      const all = align(samplesOf(learner), sentence).words.flatMap(({ phones }) => phones);
      return all.reduce((sum, { goodness }) => sum + goodness, 0) / all.length;
    };
    const byTotal = lessonPairs()
      .map(({ total }, index) => ({ total, index }))
      .sort((a, b) => a.total - b.total);
    const average = (part: typeof byTotal) =>
      part.reduce((sum, { index }) => sum + mean(index), 0) / part.length;
    assert.ok(average(byTotal.slice(0, 5)) < average(byTotal.slice(-5)) - 1);
  });

  it('aligns words that no dictionary holds, and words without a vowel', () => {
    const { words } = align(samples, "Does Elocute's Layla like hmm the jam");
    assert.equal(words[1]?.text, "elocute's");
    assert.deepEqual(words.find(({ text }) => text === 'hmm')?.syllables, []);
  });

  it('does not align what cannot be the sentence, and says why', () => {
    for (const [name, recording] of Object.entries(noSpeech)) {
      const alignment = recogniser.align(recording, first.sentence);
      assert.equal(alignment.kind, 'unaligned', name);
      assert.notEqual(alignment.reason, '');
    }
    const long = Array.from({ length: 60 }, () => 'constitutional').join(' ');
    assert.equal(recogniser.align(samples, long).kind, 'unaligned');
  });

  it('hears nothing where nobody speaks', () => {
    for (const [name, recording] of Object.entries(noSpeech)) {
      assert.deepEqual(
        recogniser.recognise(recording, first.sentence),
        { recogniser: 'offline', text: '', words: [] },
        name,
      );
    }
  });

  it('hears nearly all words of the lesson recordings, each with time and confidence', () => {
    let [said, heard] = [0, 0];
    for (const { sentence, learner, standard } of lessonPairs()) {
      const expected = normaliseSentence(sentence);
      for (const file of [learner, standard]) {
        const { text, words } = recogniser.recognise(samplesOf(file), sentence);
        assert.equal(text, words.map((word) => word.text).join(' '));
        for (const word of words) {
          assert.ok(expected.includes(word.text));
          assert.ok(word.endS > word.startS && word.startS >= 0);
          assert.ok(word.confidence !== null && word.confidence > 0 && word.confidence <= 1);
        }
        said += expected.length;
        heard += words.length;
      }
    }
    assert.ok(heard / said >= 0.97, `${heard} of ${said}`);
  });

  it('leaves out a word of the sentence that was not said', () => {
    const { text } = recogniser.recognise(samples, 'Does Layla strawberry like the jam');
    assert.equal(text, 'does layla like the jam');
  });

  it('hears long sentences in stretches, with times in the whole recording', () => {
    const pairs = lessonPairs().slice(0, 6);
    const recordings = pairs.map(({ standard }) => samplesOf(standard));
    const whole = Float32Array.from(recordings.flatMap((recording) => Array.from(recording)));
    const { words } = recogniser.recognise(whole, pairs.map(({ sentence }) => sentence).join(' '));
    const expected = normaliseSentence(pairs.map(({ sentence }) => sentence).join(' '));
    assert.ok(expected.length > 30 && words.length >= 0.9 * expected.length);
    const lastStart = (whole.length - (recordings.at(-1)?.length ?? 0)) / 16_000;
    assert.ok((words.at(-1)?.startS ?? 0) > lastStart);
    words
      .slice(1)
      .forEach(({ startS }, index) => assert.ok(startS >= (words[index]?.endS ?? 0) - 0.02));
  });

  it('takes words of the grammar language for words', () => {
    const { text } = recogniser.recognise(
      samples,
      'grammar does Layla public like import the null jam',
    );
    assert.equal(
      text.replace(/ ?\b(grammar|public|import|null)\b/g, '').trim(),
      'does layla like the jam',
    );
    const injected = recogniser.recognise(
      samples,
      'Does Layla ); public <x> = ( like /9/ the | jam',
    );
    assert.ok(injected.words.length > 0);
  });

  it('names the word that has no pronunciation, and works on afterwards', () => {
    for (const method of ['align', 'recognise'] as const) {
      assert.throws(
        () => recogniser[method](samples, 'Does xqzt like the jam'),
        (error) => error instanceof SentenceError && /"xqzt"/.test(error.message),
      );
      assert.throws(() => recogniser[method](samples, ''), SentenceError);
    }
    assert.equal(align(samples, first.sentence).words.length, 5);
  });

  it('gives the same result for the same input, whatever came between', () => {
    const both = () =>
      JSON.stringify([
        recogniser.align(samples, first.sentence),
        recogniser.recognise(samples, first.sentence),
      ]);
    const before = both();
    for (const { learner, sentence } of lessonPairs().slice(1, 6)) {
      recogniser.align(samplesOf(learner), sentence);
      recogniser.recognise(samplesOf(learner), sentence);
    }
    recogniser.recognise(noSpeech['white noise'], first.sentence);
    assert.equal(both(), before);
  });

  it('holds its memory over 200 recordings', () => {
    const layla = samples.subarray(12_800, 24_000);
    const round = () => {
      for (let n = 0; n < 100; n++) recogniser.align(layla, 'Layla');
      return process.memoryUsage().rss / 2 ** 20;
    };
    const before = round();
    const grown = round() - before;
    assert.ok(grown < 30, `${grown.toFixed(0)} MB more`);
  });

  it('names engine, model, revision and lexicon in its versions', () => {
    assert.match(
      recogniser.alignerVersion,
      /^soundswallower@[\d.]+ en-us align-\d+ evidence-\d+ cmu-/,
    );
    assert.match(recogniser.recogniserVersion, /^soundswallower@[\d.]+ en-us skip-\d+ cmu-/);
  });
});
