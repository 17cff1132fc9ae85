import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { comparing, type PairSide } from '../../src/commands/compare-figures.ts';
import { describeComparison } from '../../src/commands/compare-text.ts';
import {
  COMPARED_FIGURES,
  MalformedLine,
  parseOriginalLine,
} from '../../src/commands/original-line.ts';
import { readLines } from '../../src/commands/read-lines.ts';
import { temporaryFolder } from '../support/services.ts';

const KEY = 'user-audio-file/90210417/novel/level_2/A_Title/audio_line_1.wav';

function side(pitchSimilarity: number | null, words: string[] | null = []): PairSide {
  return {
    figures: {
      pitchSimilarity,
      rhythmSimilarity: null,
      speedRatio: 1,
      pauseSimilarity: null,
      mispronouncedRatio: null,
    },
    mispronouncedWords: words,
  };
}

function pitchOf(pairs: readonly [number | null, number | null][], largest = 3) {
  const together = comparing(largest);
  pairs.forEach(([original, ours], index) =>
    together.add({ scoringId: `s${index}`, original: side(original), ours: side(ours) }),
  );
  const figure = together.result().figures.find((one) => one.figure === 'pitchSimilarity');
  assert.ok(figure);
  return figure;
}

/** By its definition, in two passes. */
function pearson(pairs: readonly [number, number][]): number {
  const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [mx, my] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  const sum = (of: (x: number, y: number) => number) =>
    pairs.reduce((total, [x, y]) => total + of(x - mx, y - my), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}

describe('a line of the original', () => {
  it('gives its figures under our names', () => {
    const line = {
      audio_file: KEY,
      pitch_similarity: 0.998,
      rhythm_similarity: null,
      speed_ratio: 1.2,
      pause_similarity: 0.4,
      mispronounced_words: ['river', 'very'],
      mispronounced_ratio: 0.25,
    };
    assert.deepEqual(parseOriginalLine(JSON.stringify(line)), {
      key: KEY,
      figures: {
        pitchSimilarity: 0.998,
        rhythmSimilarity: null,
        speedRatio: 1.2,
        pauseSimilarity: 0.4,
        mispronouncedRatio: 0.25,
      },
      mispronouncedWords: ['river', 'very'],
    });
  });

  it('may lack figures, or have them and its list as text, as exports of tables do', () => {
    const { figures, mispronouncedWords } = parseOriginalLine(
      JSON.stringify({
        audio_file: KEY,
        pitch_similarity: 'NaN',
        speed_ratio: '1.25',
        mispronounced_words: '["river"]',
      }),
    );
    assert.deepEqual([figures.pitchSimilarity, figures.speedRatio], [null, 1.25]);
    assert.equal(figures.pauseSimilarity, null);
    assert.deepEqual(mispronouncedWords, ['river']);
  });

  it('may hold what Python writes for no number', () => {
    const text = `{"audio_file": "${KEY}", "pitch_similarity": NaN, "speed_ratio": -Infinity}`;
    const { figures } = parseOriginalLine(text);
    assert.deepEqual([figures.pitchSimilarity, figures.speedRatio], [null, null]);
  });

  it('is refused with what is wrong, and never with its text', () => {
    const wrong: [string, RegExp][] = [
      [`{"audio_file": "${KEY}"`, /^not JSON$/],
      [`["${KEY}"]`, /^not an object$/],
      ['null', /^not an object$/],
      ['{"pitch_similarity": 1}', /^audio_file is missing$/],
      [JSON.stringify({ audio_file: '' }), /^audio_file is missing$/],
      [JSON.stringify({ audio_file: 'a\0b' }), /^audio_file is no key$/],
      [JSON.stringify({ audio_file: KEY, speed_ratio: KEY }), /^speed_ratio is no number$/],
      [JSON.stringify({ audio_file: KEY, speed_ratio: [1] }), /^speed_ratio is no number$/],
      [JSON.stringify({ audio_file: KEY, mispronounced_words: 3 }), /^mispronounced_words is no/],
      [JSON.stringify({ audio_file: KEY, mispronounced_words: '{a}' }), /^mispronounced_words is/],
    ];
    for (const [text, message] of wrong) {
      assert.throws(() => parseOriginalLine(text), { name: MalformedLine.name, message }, text);
    }
  });
});

describe('the comparison of figures', () => {
  it('has the correlation, means and difference of its definition, for any series', () => {
    const value = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 3, maxLength: 60 }), (pairs) => {
        const spread = (at: 0 | 1) => {
          const values = pairs.map((pair) => pair[at]);
          return Math.max(...values) - Math.min(...values);
        };
        fc.pre(spread(0) > 0.01 && spread(1) > 0.01);
        const { n, correlation, meanOriginal, meanOurs, meanDifference } = pitchOf(pairs);
        assert.equal(n, pairs.length);
        assert.ok(Math.abs((correlation ?? NaN) - pearson(pairs)) < 1e-9);
        assert.ok(
          Math.abs((meanOurs ?? 0) - (meanOriginal ?? 0) - (meanDifference ?? NaN)) < 1e-12,
        );
      }),
    );
  });

  it('keeps its digits where values are large and close together', () => {
    const pairs = Array.from({ length: 1000 }, (_, k): [number, number] => [1e9 + k, 1e9 - k]);
    assert.ok(Math.abs((pitchOf(pairs).correlation ?? 0) + 1) < 1e-9);
  });

  it('has no correlation for one pair, or where a side never varies, and no mean for none', () => {
    assert.equal(pitchOf([[0.5, 0.6]]).correlation, null);
    assert.equal(
      pitchOf([
        [1, 0.2],
        [1, 0.7],
      ]).correlation,
      null,
    );
    const { n, meanOriginal, meanDifference } = pitchOf([]);
    assert.deepEqual([n, meanOriginal, meanDifference], [0, null, null]);
  });

  it('counts apart what only one side has', () => {
    const { n, onlyOriginal, onlyOurs } = pitchOf([
      [0.5, 0.6],
      [0.5, null],
      [0.4, null],
      [null, 0.6],
      [null, null],
    ]);
    assert.deepEqual([n, onlyOriginal, onlyOurs], [1, 2, 1]);
  });

  it('keeps the largest differences of either sign, and nothing that is the same', () => {
    const { largest } = pitchOf(
      [
        [0.5, 0.5],
        [0.5, 0.75],
        [0.5, 0],
        [0.5, 0.625],
        [0.25, 0.625],
      ],
      3,
    );
    assert.deepEqual(
      largest.map(({ scoringId, difference }) => [scoringId, difference]),
      [
        ['s2', -0.5],
        ['s4', 0.375],
        ['s1', 0.25],
      ],
    );
  });

  it('compares mispronounced words as sets, since the original lost order and repeats', () => {
    const together = comparing(3);
    const add = (original: string[] | null, ours: string[]) =>
      together.add({ scoringId: 's', original: side(1, original), ours: side(1, ours) });
    add(['Very', 'river'], ['river', 'very', 'very']);
    add([], []);
    add(['a', 'b'], ['b', 'c']);
    add(null, ['a']);
    const { n, same, meanOverlap } = together.result().mispronouncedWords;
    assert.deepEqual([n, same], [3, 2]);
    assert.ok(Math.abs((meanOverlap ?? 0) - (1 + 1 + 1 / 3) / 3) < 1e-12);
  });

  it('is shown with a row for each figure, and with what could not be compared', () => {
    const together = comparing(3);
    const id = 'abcdef0123456789'.repeat(4);
    together.add({ scoringId: id, original: side(0.9), ours: side(0.5) });
    const text = describeComparison({
      lines: 9,
      repeated: 1,
      malformed: { count: 2, lines: [] },
      comparison: together.result(),
      unscored: [
        { status: 'failed', code: 'AUDIO_DAMAGED', count: 1, lines: [4] },
        { status: 'unknown', code: null, count: 3, lines: [5, 6] },
      ],
      onlyHere: { count: 1, scoringIds: [id] },
    });
    assert.match(text, /^1 recordings compared; 9 lines read, 1 replaced by .*, 2 skipped\.$/m);
    for (const figure of COMPARED_FIGURES) assert.match(text, new RegExp(`^\\| ${figure} `, 'm'));
    assert.match(text, /^\| pitchSimilarity +\| 1 +\| – +\| 0\.900 +\| 0\.500 \| -0\.400 /m);
    assert.match(text, /^\| pitchSimilarity \| abcdef012345 \| 0\.900 +\| 0\.500 \| -0\.400 +\|$/m);
    assert.match(text, /^ {2}1 {2}failed · AUDIO_DAMAGED: line 4$/m);
    assert.match(text, /^ {2}3 {2}not known: line 5, 6, …$/m);
    assert.match(text, /Scored here, not in the file:\n {2}1 {2}abcdef012345$/);
  });
});

describe('the lines of a file', () => {
  const folder = temporaryFolder('lines');
  async function linesOf(text: string, mostChars = 100) {
    const file = join(folder, 'lines.txt');
    writeFileSync(file, text);
    const lines: [number, string | null][] = [];
    for await (const { number, text: line } of readLines(file, mostChars)) {
      lines.push([number, line]);
    }
    return lines;
  }

  it('are those of the file, over the borders of what is read at once', async () => {
    const long = 'é'.repeat(50_000);
    const lines = Array.from({ length: 5 }, (_, k) => `${k}${long}`);
    const read = await linesOf(lines.join('\n'), 1_000_000);
    assert.deepEqual(
      read,
      lines.map((line, index) => [index + 1, line]),
    );
  });

  it('end with the last line break, or without', async () => {
    assert.deepEqual(await linesOf('a\nb\n'), [
      [1, 'a'],
      [2, 'b'],
    ]);
    assert.deepEqual(await linesOf('a\n\nb'), [
      [1, 'a'],
      [2, ''],
      [3, 'b'],
    ]);
    assert.deepEqual(await linesOf(''), []);
  });

  it('that are too long come without their text, and the next ones are right', async () => {
    const huge = 'x'.repeat(300_000);
    assert.deepEqual(await linesOf(`a\n${huge}\nb\n${huge}`), [
      [1, 'a'],
      [2, null],
      [3, 'b'],
      [4, null],
    ]);
  });
});
