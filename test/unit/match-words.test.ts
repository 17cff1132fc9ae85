import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchWords, type MatchableWord } from '../../src/scoring/match-words.ts';
import { oneSpelling } from '../../src/scoring/one-spelling.ts';
import { phoneCost, soundDistance } from '../../src/scoring/phone-distance.ts';
import { heardAs, pronunciationsOf, saidWell, sounded } from '../support/sounded-words.ts';
import { scoreByGoodness } from '../support/goodness-evidence.ts';

/** The kinds of the sentence's words and the inserted ones, as `text kind`. */
function judged(sentence: string, heard: string): string[] {
  const words = scoreByGoodness({
    aligned: saidWell(sentence),
    transcript: heardAs(heard),
    pronunciations: pronunciationsOf(sentence, heard),
  });
  return words.flatMap(({ text, kind, reason }) =>
    kind === 'ok' ? [] : [`${text} ${reason ?? kind}`],
  );
}

const vocabulary = sounded(
  "there their to two a the tree three cat toy store toystore i'm i am um",
);
const word = fc.constantFrom(...vocabulary);
const words = fc.array(word, { maxLength: 9 });
const timed = fc.array(
  fc.tuple(word, fc.integer({ min: 0, max: 30 })).map(([base, at]) => ({
    ...base,
    startS: at / 10,
    endS: at / 10 + 0.3,
  })),
  { maxLength: 9 },
);

/** What the cheapest way costs, as the docstring of matchWords says. */
function costOf(sentence: readonly MatchableWord[], heard: readonly MatchableWord[]): number {
  return matchWords(sentence, heard).reduce((sum, match) => {
    if (match.kind === 'same') return sum;
    if (match.kind !== 'substituted') return sum + 1;
    const [word, other] = [sentence[match.sentence.from], heard[match.heard.from]];
    return sum + 0.6 + 0.8 * soundDistance(word?.ways[0] ?? [], other?.ways[0] ?? []);
  }, 0);
}

describe('matchWords', () => {
  it('takes what is said the same for the same, however it is written', () => {
    const same: [sentence: string, heard: string][] = [
      ['Their two sons went to see the sun too.', 'there to suns went two sea the son to'],
      ["I'm sure you don't know, we'll see.", 'I am sure you do not know we will see'],
      ['I am sure you do not know.', "I'm sure you don't know"],
      ["I can't and I won't.", 'I cannot and I will not'],
      ["She'd gone; she'd go.", 'she had gone she would go'],
      ["I'm going to try, let me see.", "I'm gonna try lemme see"],
      ['We are gonna win.', "we're going to win"],
      ['She has 25 toys.', 'she has twenty-five toys'],
      ['She has twenty-five toys.', 'she has 25 toys'],
      ['It was made in the 1990s.', 'it was made in the nineteen nineties'],
      ['In two thousand ten we met.', 'in 2010 we met'],
      ['In twenty ten we met.', 'in 2010 we met'],
      ['A hundred and five people.', '105 people'],
      ['One hundred five people.', '105 people'],
      ['One hundred five people.', 'one hundred and five people'],
      ['We went to the toy store, good bye.', 'we went to the toystore goodbye'],
      ['We went to the toystore, goodbye.', 'we went to the toy store good-bye'],
      ['I scream for it.', 'ice cream for it'],
      [
        'The neighbour realised the colour of the theatre was grey.',
        'the neighbor realized the color of the theater was gray',
      ],
      ['He travelled by metre.', 'he traveled by meter'],
      ['It is OK, Mr. Brown.', "it's okay mister Brown"],
      ['The BBC has it.', 'the bbc has it'],
    ];
    for (const [sentence, heard] of same) assert.deepEqual(judged(sentence, heard), [], heard);
  });

  it('does not take words that sound different for the same', () => {
    const other: [sentence: string, heard: string, errors: string[]][] = [
      ['We are here.', 'were here', ['we mispronounced', 'are mispronounced']],
      ['The four of us.', 'the for of us', []],
      ['It is our car.', 'it is or car', ['our mispronounced']],
      ['He is filling it.', 'he is filing it', ['filling mispronounced']],
      ['I think so.', 'I sink so', ['think mispronounced']],
    ];
    for (const [sentence, heard, errors] of other) {
      const found = judged(sentence, heard);
      if (heard === 'were here') assert.ok(found.length > 0);
      else assert.deepEqual(found, errors, heard);
    }
  });

  it('takes no British spelling for another American word', () => {
    const alone =
      'our hours flour scoured devoured filling called refilled analyses wise mummy four';
    for (const word of alone.split(' ')) {
      // "wise" may become "wize": that is no word.
      assert.ok([word, word.replace('se', 'ze')].includes(oneSpelling(word)), word);
    }
    assert.equal(oneSpelling('analyses'), 'analyses');
  });

  it('pairs a replaced word with the one that sounds like it', () => {
    const kinds = (sentence: string, heard: string) =>
      matchWords(sounded(sentence), sounded(heard)).map(({ kind }) => kind);
    assert.deepEqual(kinds('a big three', 'a tree'), ['same', 'omitted', 'substituted']);
    assert.deepEqual(kinds('a three big', 'a tree'), ['same', 'substituted', 'omitted']);
  });

  it('never takes a hesitation for another word', () => {
    assert.deepEqual(
      matchWords(sounded('I really like it'), sounded('I um like it'))
        .map(({ kind }) => kind)
        .toSorted(),
      ['inserted', 'omitted', 'same', 'same', 'same'],
    );
  });

  it('uses every word of both sides exactly once, in order', () => {
    fc.assert(
      fc.property(timed, timed, (sentence, heard) => {
        const matches = matchWords(sentence, heard);
        const positions = (side: 'sentence' | 'heard') =>
          matches.flatMap((match) => {
            const { from, to } = match[side];
            return Array.from({ length: to - from }, (_, index) => from + index);
          });
        assert.deepEqual(positions('sentence'), [...sentence.keys()]);
        assert.deepEqual(positions('heard'), [...heard.keys()]);
      }),
    );
  });

  it('finds nothing wrong with equal lists, whatever times the words have', () => {
    fc.assert(
      fc.property(timed, timed, (sentence, others) => {
        const heard = sentence.map((one, index) => ({
          ...one,
          startS: others[index]?.startS ?? 9,
          endS: 10,
        }));
        assert.ok(matchWords(sentence, heard).every(({ kind }) => kind === 'same'));
      }),
    );
  });

  it('finds the same kinds when words are heard as their homophones', () => {
    const pairs = [
      ['there', 'their'],
      ['to', 'two'],
    ].map((pair) => pair.map((text) => sounded(text)[0] ?? assert.fail()));
    const homophone = (one: MatchableWord) =>
      pairs.flatMap(([a, b]) =>
        one.text === a?.text ? [b] : one.text === b?.text ? [a] : [],
      )[0] ?? one;
    fc.assert(
      fc.property(words, words, (sentence, heard) => {
        const kinds = (list: readonly MatchableWord[]) =>
          matchWords(sentence, list).map(({ kind }) => kind);
        assert.deepEqual(kinds(heard.map(homophone)), kinds(heard));
      }),
    );
  });

  it('costs at most one edit more for one word more, and nothing more for one that both have', () => {
    fc.assert(
      fc.property(words, words, word, (sentence, heard, extra) => {
        const cost = costOf(sentence, heard) + 1e-9;
        assert.ok(costOf(sentence, [...heard, extra]) <= cost + 1);
        assert.ok(costOf([...sentence, extra], heard) <= cost + 1);
        assert.ok(costOf([...sentence, extra], [...heard, extra]) <= cost);
        assert.ok(cost <= sentence.length + heard.length + 1e-6);
      }),
    );
  });

  it('takes the nearest of equal words, and without times the last', () => {
    const at = (text: string, startS: number) =>
      sounded(text).map((one, index) => ({
        ...one,
        startS: startS + index / 2,
        endS: startS + index / 2 + 0.4,
      }));
    const heard = at('the the cat', 0);
    const inserted = (sentence: readonly MatchableWord[], list: readonly MatchableWord[]) =>
      matchWords(sentence, list).flatMap(({ kind, heard: { from } }) =>
        kind === 'inserted' ? [from] : [],
      );
    assert.deepEqual(inserted(sounded('the cat'), sounded('the the cat')), [0]);
    assert.deepEqual(inserted(at('the cat', 0.5), heard), [0]);
    const early = [...at('the', 0), ...at('cat', 1)];
    assert.deepEqual(inserted(early, heard), [1]);
  });

  it('lays 500 words over 500 in the time that their product allows, and survives what is no English', () => {
    const letters = 'bcdfghjklmnprstvz';
    const made = (seed: number) =>
      Array.from({ length: 500 }, (_, index): MatchableWord => {
        const text = `${letters[(index * seed) % 17] ?? ''}a${letters[(index * 7 + seed) % 17] ?? ''}${index}${seed}`;
        const ways = Array.from({ length: 4 }, (_, way) =>
          Array.from(
            { length: 16 },
            (_, at) => 'AA B IY K S M'.split(' ')[(index * seed + way + at * seed) % 6] ?? '',
          ),
        );
        return { text, ways, startS: index, endS: index + 1 };
      });
    const [the = assert.fail()] = sounded('the');
    for (const [sentence, heard] of [
      [made(3), made(5)],
      [Array.from({ length: 500 }, () => the), Array.from({ length: 500 }, () => the)],
    ] as const) {
      const userMs = [0, 1].map(() => {
        const before = process.cpuUsage();
        assert.ok(matchWords(sentence, heard).length <= 1000);
        return process.cpuUsage(before).user / 1000;
      });
      // About a second on a busy machine; what grows faster than the product takes minutes.
      assert.ok(Math.min(...userMs) < 10_000, `${userMs.join(', ')} ms`);
    }
    assert.deepEqual(matchWords([], []), []);
    assert.deepEqual(judged('Tom likes it.', '톰은 🙂 그것을 좋아해'), []);
    assert.deepEqual(judged('Tom likes it.', ''), []);
    assert.equal(matchWords([], sounded('a b')).length, 2);
  });
});

describe('soundDistance', () => {
  const phone = fc.constantFrom('P', 'B', 'S', 'Z', 'AA', 'IY', 'R', 'ER', 'W', 'M', 'NG', 'HH');
  const way = fc.array(phone, { maxLength: 12 });

  it('orders slips: voice, then place or vowel, then manner, then vowel for consonant', () => {
    const ordered = [
      phoneCost('S', 'Z'),
      phoneCost('S', 'TH'),
      phoneCost('S', 'M'),
      phoneCost('S', 'IY'),
    ];
    assert.deepEqual(
      ordered,
      ordered.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(ordered).size, 4);
    assert.ok(phoneCost('IY', 'IH') < phoneCost('IY', 'B'));
  });

  it('is symmetric, 0 for equal ways only, and at most 1', () => {
    fc.assert(
      fc.property(way, way, (a, b) => {
        const distance = soundDistance(a, b);
        assert.ok(Math.abs(distance - soundDistance(b, a)) < 1e-9);
        assert.ok(distance >= 0 && distance <= 1);
        assert.equal(distance === 0, a.join(' ') === b.join(' '));
      }),
    );
  });

  it('never falls when one more phone is wrong', () => {
    fc.assert(
      fc.property(way, fc.array(fc.nat(11), { maxLength: 5 }), fc.nat(11), (said, wrong, next) => {
        const spoilt = (places: readonly number[]) =>
          said.map((one, at) => (places.includes(at) ? 'ZZ' : one));
        assert.ok(
          soundDistance(said, spoilt([...wrong, next])) >=
            soundDistance(said, spoilt(wrong)) - 1e-9,
        );
      }),
    );
  });
});
