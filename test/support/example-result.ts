import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { versionsOf } from '../../src/scoring/scoring-versions.ts';

/** A complete result as the scorer makes it, for tests of what is done with results. */
export function exampleResult(): ScoringResult {
  return {
    schemaVersion: 2,
    formulaVersion: 'test',
    versions: versionsOf('test', { aligner: 'aligner/1', pitch: 'pitch/1' }),
    attempt: { kind: 'ok' } as ScoringResult['attempt'],
    overall: 81.2,
    accuracy: 79,
    fluency: 84.5,
    prosody: 80.1,
    completeness: 100,
    pitchSimilarity: 0.71,
    rhythmSimilarity: 0.662,
    pauseSimilarity: 1,
    speedRatio: 0.85,
    fluencyFigures: null,
    delivery: null,
    words: [],
    mispronouncedWords: ['very', 'very'],
    mispronouncedRatio: 0.25,
    feedback: { advice: [], text: { en: 'Well read.', ko: '잘 읽었어요.' } },
    standardFindings: [],
    standardCheck: [],
    contributions: null,
  };
}
