import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SentenceError } from '../../src/scoring/sentence-error.ts';
import { normaliseSentence, spokenWords } from '../../src/scoring/sentence.ts';

function reads(text: string, expected: string): void {
  assert.equal(normaliseSentence(text).join(' '), expected, text);
}

function refuses(text: string, message: RegExp): void {
  assert.throws(
    () => normaliseSentence(text),
    (error) =>
      error instanceof SentenceError && error.problem === 'invalid' && message.test(error.message),
  );
}

describe('normaliseSentence', () => {
  it('lowers case and drops punctuation', () => {
    reads("That's not a bad deal.", "that's not a bad deal");
    reads('Well — hello… world?!', 'well hello world');
  });

  it('keeps apostrophes inside words, whatever character they are written with', () => {
    reads('It’s 5 o’clock', "it's five o'clock");
    reads('don´t, don`t, donʼt', "don't don't don't");
  });

  it('takes single quotes, double apostrophes and plural possessives for punctuation', () => {
    reads("She said 'hello' to the dogs' owner ''now''", 'she said hello to the dogs owner now');
  });

  it('keeps the apostrophe that begins a clipped word', () => {
    reads("'Tis good, tell 'em", "'tis good tell 'em");
    reads("'em'", 'em');
  });

  it('splits hyphenated words', () => reads('a well-known twenty‑one', 'a well known twenty one'));

  it('folds accents, ligatures and full-width letters', () =>
    reads('Café naïve Łódź straße Æsop Ｈｉ ﬁne', 'cafe naive lodz strasse aesop hi fine'));

  it('removes invisible characters', () => reads('\uFEFFso\u00ADda \u200Bpop', 'soda pop'));

  it('writes abbreviated titles out', () =>
    reads(
      'Mr. Smith, Mrs Jones and Dr. Who vs. MR Bean',
      'mister smith missus jones and doctor who versus mister bean',
    ));

  it('reads initials letter by letter', () => {
    reads('The U.S.A. and the BBC', 'the u s a and the b b c');
    reads('e.g. this, i.e. that', 'for example this that is that');
  });

  it('takes capitals for words where everything is in capitals', () =>
    reads('SHH THE TV', 'shh the tv'));

  it('reads symbols', () =>
    reads('you & me @ home: 1 + 1 = 2', 'you and me at home one plus one equals two'));

  const numbers: [text: string, spoken: string][] = [
    [
      '0 7 13 21 100 1,234',
      'zero seven thirteen twenty one one hundred one thousand two hundred thirty four',
    ],
    [
      '1st 2nd 3rd 12th 21st 113th',
      'first second third twelfth twenty first one hundred thirteenth',
    ],
    [
      '1999 1905 1900 2000 2005 2024',
      'nineteen ninety nine nineteen oh five nineteen hundred two thousand two thousand five twenty twenty four',
    ],
    ["the 1990s, '60s and 20s", 'the nineteen nineties sixties and twenties'],
    ['3.14 1.05 .5', 'three point one four one point zero five point five'],
    ['12.5%', 'twelve point five percent'],
    [
      '1/2 3/4 2/3 2½ 24/7',
      'one half three quarters two thirds two and one half twenty four seven',
    ],
    [
      '$5 $1 $5.20 $0.99 £2.01 €10',
      'five dollars one dollar five dollars and twenty cents ninety nine cents two pounds and one penny ten euros',
    ],
    ['$3.5 million', 'three point five million dollars'],
    ['3:00 3:05 15:30', "three o'clock three oh five fifteen thirty"],
    ['3 p.m. 10am 3:00 pm', 'three p m ten a m three p m'],
    ['-5°C', 'minus five degrees celsius'],
    ['5-10 555-1234', 'five to ten five hundred fifty five twelve thirty four'],
    [
      '007 12345678901234567',
      'zero zero seven one two three four five six seven eight nine zero one two three four five six seven',
    ],
    ['10km 1 kg 30 mph', 'ten kilometers one kilogram thirty miles per hour'],
    ['No. 5 is no. #1', 'number five is no number one'],
    ['mp3', 'mp three'],
  ];
  for (const [text, spoken] of numbers) {
    it(`reads ${text}`, () => reads(text, spoken));
  }

  it('is not fooled by names of object properties', () =>
    reads('constructor toString __proto__', 'constructor tostring proto'));

  it('refuses a sentence without words', () => {
    refuses('', /no English words.*Write/);
    refuses(' … -- \' "', /no English words/);
  });

  it('refuses letters of other scripts and names the first', () => {
    refuses('你好', /"你".*Remove/);
    refuses('Привет', /"П"/);
    refuses('call ٣', /"٣"/);
  });

  it('refuses text that was not UTF-8', () => refuses('caf\uFFFD', /Save it as UTF-8/));

  it('refuses too many characters or words', () => {
    refuses('a'.repeat(1001), /1001 characters.*Split/);
    refuses('a '.repeat(121), /121 words.*Split/);
    refuses('5'.repeat(999), /999 words/);
    assert.equal(normaliseSentence('a '.repeat(120)).length, 120);
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom(...Array.from("aZ0159.,:/-'’$%°#&½éßstndrhkmpU.S. \n")),
      maxLength: 60,
    }),
    fc
      .array(fc.constantFrom('mr', '$5', '3rd', "'em", 'U.S.', 'TV', '1990s', '.', '-', '5', 'pm'))
      .map((parts) => parts.join(' ')),
  );

  it('throws nothing but SentenceError, and gives only a–z and apostrophes', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        try {
          const words = normaliseSentence(text);
          assert.ok(words.length > 0 && words.every((word) => /^'?[a-z]+('[a-z]+)*$/.test(word)));
        } catch (error) {
          assert.ok(error instanceof SentenceError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is idempotent on its own output', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const words = spokenWords(text);
        assert.deepEqual(spokenWords(words.join(' ')), words);
      }),
      { numRuns: 2000 },
    );
  });
});
