import assert from 'node:assert/strict';
import { figuresOf } from '../../src/commands/status.ts';
import type { StoredResult } from '../../src/commands/stored-scoring.ts';
import { FORMULA_VERSION, scoreRecording } from '../../src/scoring/score.ts';
import { MODEL_VERSION } from '../../src/scoring/scoring-versions.ts';
import { lessonAnalyses } from '../support/golden.ts';
import { makeSpeech } from '../support/made-speech.ts';

/** What crosses the process border and stands in the row. */
function stored<T>(result: T): T {
  return JSON.parse(JSON.stringify(result)) as T;
}

function assertFinite(values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    assert.ok(typeof value === 'number' && Number.isFinite(value), name);
  }
}

describe('the result as it is stored', () => {
  it('holds rates, pauses and runs, and every word and phone with times, kind and score', () => {
    for (const input of lessonAnalyses()) {
      const result = stored(scoreRecording(input));
      if (result.attempt.kind !== 'ok') {
        assert.deepEqual([result.overall, result.fluencyFigures, result.words], [null, null, []]);
        continue;
      }
      assert.ok(result.fluencyFigures, input.sentence);
      const { speechRate, articulationRate, pauseCount, ...rest } = result.fluencyFigures;
      const { pauseTotalS, longestPauseS, meanRunLength } = rest;
      assertFinite({ speechRate, articulationRate, pauseCount });
      assertFinite({ pauseTotalS, longestPauseS, meanRunLength });
      assert.ok(articulationRate >= speechRate && speechRate > 0);
      assert.ok(pauseTotalS >= longestPauseS && longestPauseS >= 0.2 * Math.min(1, pauseCount));
      const spoken = result.words.filter(({ kind }) => kind === 'ok' || kind === 'mispronounced');
      assert.ok(spoken.length > 0);
      for (const word of spoken) {
        const { score, startS, endS, phones, syllables } = word;
        assertFinite({ score, startS, endS });
        assert.ok(phones.length > 0 && syllables.length > 0, word.text);
        for (const { phone, startS, endS, score } of phones) {
          assert.match(phone, /^[A-Z]{1,2}$/);
          assertFinite({ startS, endS, score });
          assert.ok(endS >= startS);
        }
      }
      assert.equal(
        result.words.filter(({ kind }) => kind !== 'inserted').length,
        input.learner.alignment.kind === 'aligned' ? input.learner.alignment.words.length : 0,
      );
    }
  });

  it('names formula, model and all five engines, which the commands show', () => {
    const [input = assert.fail()] = lessonAnalyses();
    const result = stored(scoreRecording(input));
    const { formula, model, ...engines } = result.versions;
    assert.deepEqual([formula, model], [FORMULA_VERSION, MODEL_VERSION]);
    assert.deepEqual(engines, input.engines);
    const shown = figuresOf(result, 'en').join('\n');
    for (const version of Object.values(result.versions)) {
      assert.ok(version !== null && shown.includes(version), version ?? 'null');
    }
  });

  it('keeps what is not known null, and never makes it 0', () => {
    const alone = makeSpeech({ words: [{ text: 'go', syllables: [['G', 'OW1']] }], phoneS: [0.3] });
    const one = stored(
      scoreRecording({ sentence: 'Go.', learner: { ...alone, transcript: null }, standard: alone }),
    );
    assert.deepEqual(
      [one.completeness, one.pitchSimilarity, one.rhythmSimilarity, one.pauseSimilarity],
      [null, null, null, null],
    );
    assert.deepEqual([one.versions.aligner, one.versions.recogniser], [null, null]);
    const silent = { ...alone.pitch, contour: { ...alone.pitch.contour, hz: [] } };
    const none = stored(
      scoreRecording({
        sentence: 'Go.',
        learner: { ...alone, pitch: silent, transcript: { text: '', words: [] } },
        standard: alone,
      }),
    );
    for (const name of [
      ...(['overall', 'accuracy', 'fluency', 'prosody', 'completeness'] as const),
      ...(['pitchSimilarity', 'rhythmSimilarity', 'pauseSimilarity', 'speedRatio'] as const),
      ...(['fluencyFigures', 'mispronouncedRatio', 'contributions'] as const),
    ]) {
      assert.equal(none[name], null, name);
    }
  });

  it('of an older version, without versions of engines, can still be shown', () => {
    const [input = assert.fail()] = lessonAnalyses();
    const older: StoredResult = scoreRecording(input);
    delete older.versions;
    assert.ok(figuresOf(older, 'en').some((line) => line.startsWith('overall')));
  });
});
