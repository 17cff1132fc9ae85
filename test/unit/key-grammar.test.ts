import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  parseUploadKey,
  RECORDING_EXTENSIONS,
  recordingExtensionOf,
  uploadKeyOf,
} from '../../src/uploads/key-grammar.ts';
import { sentenceKeyOf, standardKeyOf } from '../../src/activities/standard-key.ts';

const grammar = { root: 'user-audio-file', contentTypes: ['conversation', 'novel', 'phonics'] };

describe('the key grammar', () => {
  it('reads user, content type, level, title and line', () => {
    const key = 'user-audio-file/482/novel/level_2/A_Breath_of_Life/audio_line_12.wav';
    assert.deepEqual(parseUploadKey(key, grammar), {
      userId: '482',
      lesson: { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 12 },
    });
  });

  it('finds the standard recording and its sentence, which the original never did', () => {
    const lesson = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 };
    const key = standardKeyOf(lesson, 'standard-audio-file');
    assert.equal(key, 'standard-audio-file/novel/level_2/A Breath of Life/audio_line_1.wav');
    assert.equal(
      sentenceKeyOf(key),
      'standard-audio-file/novel/level_2/A Breath of Life/audio_line_1.txt',
    );
  });

  it('reads the same line from a recording in any format that is decoded, and from no other', () => {
    const lesson = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 12 };
    for (const extension of RECORDING_EXTENSIONS) {
      const key = uploadKeyOf('482', lesson, grammar.root, extension);
      assert.ok(key.endsWith(`/audio_line_12.${extension}`));
      assert.deepEqual(parseUploadKey(key, grammar), { userId: '482', lesson });
      assert.equal(recordingExtensionOf(key.toUpperCase()), extension);
    }
    for (const other of ['aac', 'wav.exe', 'WAV', 'mp', '']) {
      const key = `user-audio-file/482/novel/level_2/T/audio_line_12.${other}`;
      assert.ok('problem' in parseUploadKey(key, grammar), other);
    }
    assert.equal(recordingExtensionOf('take-3.aiff'), 'wav');
  });

  it('names what is wrong with a malformed key without quoting the key', () => {
    const cases: [string, RegExp][] = [
      ['user-audio-file/7/novel/level_2/T/audio_line_1.wav/x', /7 segments/],
      ['elsewhere/7/novel/level_2/T/audio_line_1.wav', /first segment/],
      ['user-audio-file//novel/level_2/T/audio_line_1.wav', /user id/],
      ['user-audio-file/7/poem/level_2/T/audio_line_1.wav', /content type/],
      ['user-audio-file/7/novel/level_x/T/audio_line_1.wav', /level/],
      ['user-audio-file/7/novel/level_2/_/audio_line_1.wav', /title/],
      ['user-audio-file/7/novel/level_2/T/audio_line_one.wav', /audio_line_1\.wav/],
      ['user-audio-file/7/novel/level_2/T\u0000/audio_line_1.wav', /control/],
      [`user-audio-file/7/novel/level_2/${'가'.repeat(400)}/audio_line_1.wav`, /1024 bytes/],
    ];
    for (const [key, expected] of cases) {
      const parsed = parseUploadKey(key, grammar);
      assert.ok('problem' in parsed, key);
      assert.match(parsed.problem, expected);
    }
  });

  it('never throws, whatever the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (key) => {
        const parsed = parseUploadKey(key, grammar);
        return 'problem' in parsed ? parsed.problem.length > 0 : parsed.userId.length > 0;
      }),
    );
  });

  it('gives back the lesson line that a key was made from', () => {
    const word = fc.stringMatching(/^[A-Za-z가-힣'’+%]{1,10}$/);
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9@.-]{1,20}$/),
        fc.constantFrom(...grammar.contentTypes),
        fc.nat(9999),
        fc.array(word, { minLength: 1, maxLength: 5 }),
        fc.nat(99999),
        (userId, contentType, level, words, line) => {
          const lesson = { contentType, level, title: words.join(' '), line };
          const key = uploadKeyOf(userId, lesson, grammar.root);
          assert.deepEqual(parseUploadKey(key, grammar), { userId, lesson });
        },
      ),
    );
  });
});
