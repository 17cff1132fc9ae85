import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createLexicon } from '../../src/adapters/lexicon.ts';
import { alignerVersion, createOfflineRecogniser } from '../../src/adapters/soundswallower.ts';
import type { OfflineRecogniser } from '../../src/adapters/soundswallower.ts';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import {
  evidencePhones,
  type Aligned,
  type AlignedPhone,
  type Alignment,
} from '../../src/scoring/analyses.ts';
import { lessonAnalyses } from '../support/golden.ts';
import { lessonPairs } from '../support/recordings.ts';

const pairs = lessonPairs();
/** One of each content type and level of quality. */
const CHOSEN = [0, 9, 16, 27];

function aligned(alignment: Alignment): Aligned {
  assert.equal(alignment.kind, 'aligned');
  return alignment;
}

function phonesOf(alignment: Alignment): AlignedPhone[] {
  return aligned(alignment).words.flatMap(({ phones }) => phones);
}

function posteriorsOf({ evidence }: AlignedPhone): number[] {
  return evidence?.logPosteriors ?? assert.fail('no evidence');
}

function heardShare(phones: AlignedPhone[]): number {
  const heard = phones.filter((phone) => {
    const posteriors = posteriorsOf(phone);
    return posteriors[evidencePhones.indexOf(phone.phone)] === Math.max(...posteriors);
  });
  return heard.length / phones.length;
}

describe('the evidence of the acoustic model', function () {
  this.timeout(120_000);
  const lexicon = createLexicon();
  let recogniser: OfflineRecogniser;
  before(async () => {
    recogniser = await createOfflineRecogniser(lexicon);
  });
  after(() => recogniser.close());

  const align = (file: string, sentence: string) =>
    recogniser.align(decodeSpeech(readFileSync(file), { maxSeconds: 60 }), sentence);

  it('is a distribution over all phones, near the phone that was aligned', () => {
    for (const at of CHOSEN) {
      const { standard, sentence } = pairs[at] ?? assert.fail();
      for (const phone of phonesOf(align(standard, sentence))) {
        const posteriors = posteriorsOf(phone);
        assert.equal(posteriors.length, evidencePhones.length);
        const sum = posteriors.reduce((total, value) => total + Math.exp(value), 0);
        // Each is kept with two decimals.
        assert.ok(Math.abs(sum - 1) < 0.02, `${phone.phone}: ${sum}`);
        const { startS, endS } = phone.evidence ?? assert.fail();
        assert.ok(endS >= startS && Math.abs(startS - phone.startS) <= 0.21);
      }
    }
  });

  it('hears four of five phones of clear speech, and fewer the lower experts marked it', () => {
    const standards = CHOSEN.flatMap((at) => {
      const { standard, sentence } = pairs[at] ?? assert.fail();
      return phonesOf(align(standard, sentence));
    });
    assert.ok(heardShare(standards) > 0.75, String(heardShare(standards)));
    const [good, poor] = [(total: number) => total >= 9, (total: number) => total < 4].map(
      (isIn) => {
        const chosen = pairs.filter(({ total }) => isIn(total)).slice(0, 4);
        assert.ok(chosen.length >= 3);
        return heardShare(
          chosen.flatMap(({ learner, sentence }) => phonesOf(align(learner, sentence))),
        );
      },
    );
    assert.ok((good ?? 0) > (poor ?? 1) + 0.2, `${good} and ${poor}`);
  });

  it('finds where the formants of a speaker lie: the man’s voice below the woman’s', () => {
    // Speaker slt of the standards is a woman, rms a man.
    const warps = pairs
      .slice(0, 30)
      .map(({ standard, sentence }) => aligned(align(standard, sentence)).warp ?? NaN);
    assert.ok(warps.every((warp) => warp >= 0.84 && warp <= 1.4));
    assert.ok(Math.max(...warps) - Math.min(...warps) >= 0.12, warps.join(' '));
  });

  it('is the one that is committed, as long as the version says so', () => {
    const kept = lessonAnalyses();
    for (const at of CHOSEN) {
      const { learner, sentence } = pairs[at] ?? assert.fail();
      const before = kept[at] ?? assert.fail();
      assert.equal(
        before.engines?.aligner,
        alignerVersion(lexicon),
        'the aligner has a new version: run npm run golden -- --analyse, and look at what moved',
      );
      const now = align(learner, sentence);
      assert.equal(aligned(now).warp, aligned(before.learner.alignment).warp, sentence);
      const was = phonesOf(before.learner.alignment);
      for (const [index, phone] of phonesOf(now).entries()) {
        const other = was[index] ?? assert.fail(sentence);
        assert.deepEqual([phone.phone, phone.startS], [other.phone, other.startS], sentence);
        const theirs = posteriorsOf(other);
        for (const [p, value] of posteriorsOf(phone).entries()) {
          // Other releases of Node round logarithms differently, in the last digit.
          assert.ok(
            Math.abs(value - (theirs[p] ?? NaN)) < 0.06,
            `"${sentence}", ${phone.phone}: results moved under one version; raise EVIDENCE_REVISION`,
          );
        }
      }
    }
  });
});
