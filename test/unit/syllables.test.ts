import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AlignedPhone } from '../../src/scoring/analyses.ts';
import { isVowel, syllabify } from '../../src/scoring/syllables.ts';

/** `K AA1 N` as phones of 0.1 s each. */
function phonesOf(symbols: string): AlignedPhone[] {
  return symbols.split(' ').map((symbol, index) => {
    const digit = /\d/.exec(symbol)?.[0];
    return {
      phone: symbol.replace(/\d/, ''),
      stress: digit === undefined ? null : digit === '1' ? 1 : digit === '2' ? 2 : 0,
      startS: index / 10,
      endS: (index + 1) / 10,
      goodness: -3,
    };
  });
}

function cut(symbols: string): string {
  const phones = phonesOf(symbols);
  return syllabify(phones)
    .map(({ firstPhone, phoneCount }) =>
      phones
        .slice(firstPhone, firstPhone + phoneCount)
        .map(({ phone }) => phone)
        .join(' '),
    )
    .join(' | ');
}

describe('syllabify', () => {
  const words: [word: string, phones: string, syllables: string][] = [
    ['deal', 'D IY1 L', 'D IY L'],
    ['remember', 'R IH0 M EH1 M B ER0', 'R IH | M EH M | B ER'],
    ['extra', 'EH1 K S T R AH0', 'EH K | S T R AH'],
    ['singing', 'S IH1 NG IH0 NG', 'S IH NG | IH NG'],
    ['finger', 'F IH1 NG G ER0', 'F IH NG | G ER'],
    ['idea', 'AY0 D IY1 AH0', 'AY | D IY | AH'],
    ['backwards', 'B AE1 K W ER0 D Z', 'B AE | K W ER D Z'],
    ['atlas', 'AE1 T L AH0 S', 'AE T | L AH S'],
  ];
  for (const [word, phones, syllables] of words) {
    it(`cuts ${word} into ${syllables}`, () => assert.equal(cut(phones), syllables));
  }

  it('gives vowel, stress and times of each syllable', () => {
    assert.deepEqual(syllabify(phonesOf('R EH1 D IY0')), [
      { firstPhone: 0, phoneCount: 2, vowel: 1, stress: 1, startS: 0, endS: 0.2 },
      { firstPhone: 2, phoneCount: 2, vowel: 3, stress: 0, startS: 0.2, endS: 0.4 },
    ]);
  });

  it('gives none for a word without a vowel, and none for no phones', () => {
    assert.deepEqual(syllabify(phonesOf('HH M')), []);
    assert.deepEqual(syllabify([]), []);
  });

  it('covers every phone once, with one vowel a syllable', () => {
    const symbol = fc.constantFrom('AA1', 'IY0', 'ER2', 'S', 'T', 'R', 'NG', 'M', 'Y', 'K', 'ZH');
    fc.assert(
      fc.property(fc.array(symbol, { minLength: 1, maxLength: 12 }), (symbols) => {
        const phones = phonesOf(symbols.join(' '));
        const syllables = syllabify(phones);
        assert.equal(syllables.length, phones.filter(({ phone }) => isVowel(phone)).length);
        let next = 0;
        for (const { firstPhone, phoneCount, vowel } of syllables) {
          assert.equal(firstPhone, next);
          next += phoneCount;
          assert.ok(vowel >= firstPhone && vowel < next);
        }
        if (syllables.length > 0) assert.equal(next, phones.length);
      }),
    );
  });
});
