import assert from 'node:assert/strict';
import { fitLogistic } from '../../bench/fit/logistic-regression.ts';
import { MODEL_VERSION } from '../../src/scoring/model/judge-sentence.ts';
import offScript from '../../src/scoring/model/off-script.json' with { type: 'json' };
import {
  OFF_SCRIPT_ODDS,
  offScriptOdds,
  scriptFeatures,
} from '../../src/scoring/model/script-fit.ts';
import { lessonAnalyses } from '../support/golden.ts';
import { makeSpeech, sentence } from '../support/made-speech.ts';

function lessonAlignments() {
  return lessonAnalyses().flatMap(({ learner: { alignment } }) =>
    alignment.kind === 'aligned' ? [alignment] : [],
  );
}

describe('off-script odds', () => {
  it('are null without phones and without the evidence of the acoustic model', () => {
    assert.equal(offScriptOdds({ words: [] }), null);
    assert.equal(offScriptOdds(makeSpeech({ words: sentence }).alignment), null);
  });

  it('come from every feature, with the templates that the weights were fitted with', () => {
    const [alignment] = lessonAlignments();
    assert.ok(alignment);
    const names = offScript.inputs.map(({ name }) => name);
    assert.deepEqual(names, Object.keys(scriptFeatures(alignment) ?? {}));
    assert.equal(offScript.modelVersion, MODEL_VERSION);
  });

  it('refuse next to no lesson recording, but nearly all with the sounds of other phones', () => {
    const alignments = lessonAlignments();
    const own = alignments.map((alignment) => offScriptOdds(alignment) ?? NaN);
    const mixed = alignments.map(({ words }) => {
      const evidences = words.flatMap(({ phones }) => phones.map(({ evidence }) => evidence));
      let next = 0;
      const others = words.map((word) => ({
        ...word,
        phones: word.phones.map((phone) => {
          const evidence = evidences[(next++ + (evidences.length >> 1)) % evidences.length];
          return evidence === undefined ? phone : { ...phone, goodness: -9, evidence };
        }),
      }));
      return offScriptOdds({ words: others }) ?? NaN;
    });
    const refused = (odds: number[]) => odds.filter((value) => value >= OFF_SCRIPT_ODDS).length;
    assert.equal(own.length, 30);
    assert.ok(refused(own) <= 1, own.join(' '));
    assert.ok(refused(mixed) >= 27, mixed.join(' '));
  });
});

describe('fitLogistic', () => {
  it('finds the odds that made the labels, whatever the units of the inputs', () => {
    // As many ones among each thousand rows as its odds say: nothing random, so nothing to average.
    const rows: number[][] = [];
    const labels: number[] = [];
    for (const x of [-2, -1, 0, 1, 2]) {
      for (const y of [-1, 0, 1]) {
        const ones = Math.round(1000 / (1 + Math.exp(-(0.5 + 1.5 * x - y))));
        for (let at = 0; at < 1000; at += 1) {
          rows.push([100 * x + 7, y]);
          labels.push(at < ones ? 1 : 0);
        }
      }
    }
    const { base, weights } = fitLogistic(rows, labels);
    const [first = NaN, second = NaN] = weights;
    assert.ok(Math.abs(100 * first - 1.5) < 0.01 && Math.abs(second + 1) < 0.01, weights.join());
    assert.ok(Math.abs(base + 7 * first - 0.5) < 0.01, String(base));
  });
});
