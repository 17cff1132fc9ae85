import assert from 'node:assert/strict';
import { scoreInputSigns } from '../../bench/fit/score-inputs.ts';
import { versionOf } from '../../bench/fit/write-models.ts';
import {
  judgeSentence,
  MODEL_VERSION,
  scoreNames,
} from '../../src/scoring/model/judge-sentence.ts';
import type { Templates } from '../../src/scoring/model/measures.ts';
import scoreModels from '../../src/scoring/model/score-models.json' with { type: 'json' };
import { sentenceRows, type TimedRecording } from '../../src/scoring/model/sentence-rows.ts';
import type { Input } from '../../src/scoring/model/speech-model.ts';
import fittedTemplates from '../../src/scoring/model/templates.json' with { type: 'json' };
import { utteranceFeatures } from '../../src/scoring/model/utterance-features.ts';
import { wordFeatures } from '../../src/scoring/model/word-features.ts';
import wordModel from '../../src/scoring/model/word-model.json' with { type: 'json' };
import { timeSpeech } from '../../src/scoring/timing.ts';
import { makeSpeech, sentence } from '../support/made-speech.ts';

const templates = fittedTemplates as unknown as Templates;

function timed(): TimedRecording {
  const { alignment, pitch } = makeSpeech({ words: sentence, gapsS: [0, 0.2, 0] });
  return { timing: timeSpeech(alignment, pitch.energyDb), energyDb: pitch.energyDb };
}

const rows = sentenceRows(timed(), timed());

/** With the path of the value that is none, for the message. */
function assertFinite(value: unknown, path: string): void {
  if (typeof value === 'number') assert.ok(Number.isFinite(value), `${path} is ${value}`);
  assert.notEqual(value, null, `${path} is null`);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, own] of Object.entries(value)) assertFinite(own, `${path}.${key}`);
}

function assertInputs(inputs: readonly Input[], known: readonly string[]): void {
  const names = inputs.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(
    names.filter((name) => !known.includes(name)),
    [],
  );
  for (const { name, low, median, high } of inputs) {
    assert.ok(low <= median && median <= high, `${name}: ${low}, ${median}, ${high}`);
  }
}

describe('the committed models', () => {
  it('hold finite numbers only', () => {
    assertFinite(templates, 'templates');
    assertFinite(wordModel, 'words');
    assertFinite(scoreModels, 'scores');
  });

  it('have the version of their content, so that nobody changes a weight by hand', () => {
    const { inputs, scores } = scoreModels;
    assert.equal(scoreModels.version, versionOf(templates, wordModel, { inputs, scores }));
    assert.equal(MODEL_VERSION, scoreModels.version);
  });

  it('say what they were fitted to and how well they predict', () => {
    const { source, crossValidation } = scoreModels;
    assert.match(source.corpus, /speechocean762.*CC BY 4\.0/);
    assert.match(source.date, /^\d{4}-\d\d-\d\d$/);
    assert.match(source.command, /^npm run fit -- --data /);
    assert.ok(source.recordings > source.speakers && source.speakers > 1);
    assert.equal(crossValidation.groups.all.recordings, source.recordings);
    for (const score of scoreNames) {
      const { mean, sd } = crossValidation.groups.all[score];
      assert.ok(mean > 0.5 && mean < 1 && sd >= 0 && sd < 0.05, score);
    }
  });

  it('have templates with a spread above 0, of each measure', () => {
    assert.deepEqual(Object.keys(templates).sort(), ['conf', 'goodness', 'ld', 'ldn', 'lpp', 'px']);
    for (const [measure, { fallback, byKey }] of Object.entries(templates)) {
      for (const [, sd] of [fallback, ...Object.values(byKey)]) assert.ok(sd > 0, measure);
    }
  });

  it('read features that are computed', () => {
    assertInputs(wordModel.inputs, Object.keys(wordFeatures(rows, templates)[0] ?? {}));
    assertInputs(scoreModels.inputs, Object.keys(utteranceFeatures(rows, templates, [9])));
  });

  it('have a weight per input and score, in no case against the direction of the input', () => {
    assert.deepEqual(Object.keys(scoreModels.scores), [...scoreNames]);
    for (const score of scoreNames) {
      const { base, weights } = scoreModels.scores[score];
      assert.ok(base > 0 && base < 10, score);
      assert.equal(weights.length, scoreModels.inputs.length);
      for (const [at, { name }] of scoreModels.inputs.entries()) {
        const against = (weights[at] ?? NaN) * (scoreInputSigns.get(name) ?? NaN) < 0;
        assert.equal(against, false, `${score}: ${name}`);
      }
    }
  });

  it('have means within the limits of each input', () => {
    for (const { name, low, mean, high } of scoreModels.inputs) {
      assert.ok(low <= mean && mean <= high, name);
    }
  });

  it('have well-formed trees: each node but the root is the child of one earlier node', () => {
    assert.ok(wordModel.trees.length > 0);
    for (const [number, tree] of wordModel.trees.entries()) {
      const { feature, left, right, cover } = tree;
      for (const list of Object.values(tree)) assert.equal(list.length, feature.length);
      const parents = feature.map(() => 0);
      for (const [node, input] of feature.entries()) {
        assert.ok((cover[node] ?? 0) > 0, `tree ${number}, node ${node}: cover`);
        assert.ok(Number.isInteger(input) && input < wordModel.inputs.length);
        if (input < 0) continue;
        const children = [left[node] ?? 0, right[node] ?? 0];
        for (const child of children) {
          assert.ok(child > node && child < feature.length, `tree ${number}, node ${node}`);
          parents[child] = (parents[child] ?? 0) + 1;
        }
        const [a = 0, b = 0] = children.map((child) => cover[child] ?? 0);
        assert.equal(a + b, cover[node], `tree ${number}, node ${node}: cover of its children`);
      }
      assert.deepEqual(
        parents,
        feature.map((_, node) => (node === 0 ? 0 : 1)),
      );
    }
  });

  it('judge a sentence with shares that sum to the value', () => {
    const judgement = judgeSentence(rows);
    assert.equal(judgement.wordValues.length, sentence.length);
    const explained = [
      ...scoreNames.map((score) => judgement.scores[score]),
      ...sentence.map((_, word) => judgement.explainWord(word)),
    ];
    for (const { value, base, parts } of explained) {
      const sum = Object.values(parts).reduce((total, part) => total + part, base);
      assert.ok(Math.abs(sum - value) < 1e-9, `${sum} is not ${value}`);
    }
  });
});
