import assert from 'node:assert/strict';
import type { Transcript } from '../../src/scoring/analyses.ts';
import { ATTEMPT_LIMITS, judgeAttempt } from '../../src/scoring/attempt.ts';
import { heardShare } from '../../src/scoring/lay-transcript.ts';
import { offScriptOdds } from '../../src/scoring/model/script-fit.ts';
import { lessonAnalyses } from '../support/golden.ts';
import { makeSpeech, sentence } from '../support/made-speech.ts';

const { alignment } = makeSpeech({ words: sentence });

function heard(text: string, recogniser: Transcript['recogniser'] | null = 'google'): Transcript {
  const words = text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ text: word, startS: 0, endS: 0, confidence: 0.9 }));
  return { ...(recogniser ? { recogniser } : {}), text, words };
}

describe('the share of the sentence that was heard', () => {
  it('counts its words, by sound where it knows them', () => {
    const share = (text: string) =>
      heardShare(alignment.words, heard(text), { tom: [['T', 'AA', 'M']] });
    assert.equal(share('Tom likes Layla today.'), 1);
    assert.equal(share('Tom likes Leila today'), 0.75);
    assert.equal(share('it was very good'), 0);
  });

  it('is unknown where nobody listened freely, or too little was heard', () => {
    const { words } = alignment;
    assert.equal(heardShare(words, null, {}), null);
    assert.equal(heardShare(words, heard('it was very good', 'offline'), {}), null);
    assert.equal(heardShare(words, heard('it was very good', null), {}), null);
    assert.equal(heardShare(words, heard('good'), {}), null);
    assert.equal(heardShare(words, heard(''), {}), null);
    assert.equal(heardShare([], heard('good'), {}), null);
  });

  it('refuses doubtful recordings only, and only those heard as something else', () => {
    const inputs = lessonAnalyses().flatMap(({ learner }) =>
      learner.alignment.kind === 'aligned'
        ? [{ ...learner, odds: offScriptOdds(learner.alignment) ?? NaN }]
        : [],
    );
    const { doubtfulOdds, offScriptOdds: limit, leastHeardShare } = ATTEMPT_LIMITS;
    const kind = ({ pitch, alignment: own }: (typeof inputs)[number], share: number | null) =>
      judgeAttempt(pitch, own, share).kind;
    for (const input of inputs.filter(({ odds }) => odds < doubtfulOdds)) {
      assert.equal(kind(input, 0), 'ok');
    }
    for (const input of inputs.filter(({ odds }) => odds >= doubtfulOdds)) {
      assert.equal(kind(input, leastHeardShare - 0.01), 'off_script');
      const alone = input.odds >= limit ? 'off_script' : 'ok';
      for (const share of [leastHeardShare, 1, null]) assert.equal(kind(input, share), alone);
    }
  });
});
