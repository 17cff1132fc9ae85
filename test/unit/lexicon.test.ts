import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fromIpa } from '../../src/adapters/letter-to-sound.ts';
import { createLexicon, type Pronunciation } from '../../src/adapters/lexicon.ts';
import { SentenceError } from '../../src/scoring/sentence-error.ts';
import { isVowel } from '../../src/scoring/syllables.ts';

const PHONES = new Set(
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  ),
);
const lexicon = createLexicon();

function spelled({ phones, stress }: Pronunciation): string {
  return phones.map((phone, index) => `${phone}${stress[index] ?? ''}`).join(' ');
}

function said(word: string): string[] {
  return lexicon.pronunciations(word).map(spelled);
}

describe('lexicon', () => {
  it('knows the words of the CMU dictionary with their variants and stress', () => {
    assert.deepEqual(said('the'), ['DH AH0', 'DH AH1', 'DH IY0']);
    assert.deepEqual(said('remember')[0], 'R IH0 M EH1 M B ER0');
  });

  it('leaves out the remarks of the dictionary', () =>
    assert.deepEqual(said('danglars'), ['D AH0 NG L AA1 R Z']));

  it('adds the possessive to a word by its last sound', () => {
    assert.deepEqual(said("layla's"), ['L EY1 L AA0 Z']);
    assert.ok(said("biscuit's").every((way) => way.endsWith(' T S')));
    assert.ok(said("box's").every((way) => way.endsWith(' S IH0 Z')));
  });

  it('knows contractions that no dictionary lists', () => {
    assert.deepEqual(said("layla'll"), ['L EY1 L AA0 AH0 L']);
    assert.ok(said("biscuit'd").every((way) => way.endsWith(' T AH0 D')));
  });

  it('sounds out words that are in no dictionary, with stress', () => {
    assert.deepEqual(said('elocute'), ['IH0 L OW1 K UW0 T']);
    assert.deepEqual(said("minecraft's"), ['M AY1 N K R AE2 F T S']);
  });

  it('finds words named like object properties only as words', () =>
    assert.deepEqual(said('constructor'), ['K AH0 N S T R AH1 K T ER0']));

  it('names a word that nobody can pronounce', () => {
    for (const word of ['xqzt', 'brrr', 'z'.repeat(50), "'"]) {
      assert.throws(
        () => lexicon.pronunciations(word),
        (error) =>
          error instanceof SentenceError &&
          error.problem === 'unpronounceable' &&
          error.message.includes(`"${word.slice(0, 40)}"`),
      );
    }
  });

  it('gives only CMU phones, stress on vowels only, or refuses the word', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyz'")),
      minLength: 1,
      maxLength: 14,
    });
    fc.assert(
      fc.property(letters, (word) => {
        try {
          for (const { phones, stress } of lexicon.pronunciations(word)) {
            assert.equal(stress.length, phones.length);
            phones.forEach((phone, index) => {
              assert.ok(PHONES.has(phone), phone);
              assert.equal(stress[index] !== null, isVowel(phone));
            });
          }
        } catch (error) {
          assert.ok(error instanceof SentenceError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('says which dictionary and rules it is, for the keys of analyses', () =>
    assert.match(
      lexicon.version,
      /^cmu-pronouncing-dictionary@[\d.]+ phonemize@[\d.]+ rules-\d+$/,
    ));
});

describe('fromIpa', () => {
  it('maps affricates and diphthongs to one phone and puts stress on the next vowel', () => {
    const way = fromIpa('ˌtʃɔɪdʒˈaʊɝ');
    assert.equal(way === null ? null : spelled(way), 'CH OY2 JH AW1 ER0');
  });

  it('refuses symbols that it does not know, and sounds without a vowel', () => {
    assert.equal(fromIpa('xa'), null);
    assert.equal(fromIpa('ʃ'), null);
    assert.equal(fromIpa(''), null);
  });
});
