import assert from 'node:assert/strict';
import type { CheckedStandard } from '../../src/adapters/postgres-standards.ts';
import { describeStandards } from '../../src/commands/standards.ts';
import { figuresOf } from '../../src/commands/status.ts';
import { unusableStandard } from '../../src/scoring/check-standard.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { exampleResult } from '../support/example-result.ts';

const faulty: CheckedStandard = {
  bucket: 'standards',
  object_key: 'standard-audio-file/novel/level_1/A Breath of Life/audio_line_3.wav',
  version: null,
  sha256: '0'.repeat(64),
  findings: [unusableStandard()],
  formula_version: '2',
  checked_at: new Date(0),
};

describe('elocute standards', () => {
  it('says which recording, what is wrong and what to do, in the configured language', () => {
    assert.match(
      describeStandards([faulty], 'en'),
      /^standards\/.*audio_line_3\.wav\n {2}unusable +No recording can be compared .* replace it/,
    );
    assert.match(describeStandards([faulty], 'ko'), /음성을 바꾸고/);
  });

  it('says so where there is nothing to do', () => {
    assert.match(describeStandards([], 'en'), /^Nothing is wrong/);
  });
});

describe('the figures of a scoring', () => {
  it('end with advice in the configured language', () => {
    assert.equal(figuresOf(exampleResult(), 'en').at(-1), 'advice           Well read.');
    assert.equal(figuresOf(exampleResult(), 'ko').at(-1), 'advice           잘 읽었어요.');
  });

  it('say what is wrong with the standard', () => {
    const marked = { ...exampleResult(), standardCheck: [unusableStandard()] };
    assert.match(figuresOf(marked, 'en').at(-1) ?? '', /^standard {9}No recording/);
  });

  it('of a row of schema 1 are shown as they are', () => {
    const row = {
      ...exampleResult(),
      standardCheck: undefined,
      feedback: { advice: [], text: 'As it was.' },
    } as unknown as ScoringResult;
    assert.equal(figuresOf(row, 'ko').at(-1), 'advice           As it was.');
  });
});
