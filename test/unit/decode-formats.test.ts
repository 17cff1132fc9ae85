import assert from 'node:assert/strict';
import { decodeRecording } from '../../src/adapters/decode-recording.ts';
import { AudioError, type AudioProblem } from '../../src/audio/audio-error.ts';
import { flacBomb, mp3Bomb, silentMinutes } from '../support/format-bombs.ts';
import { ffmpegPath, FORMAT_FILES, formatFile, originalWav } from '../support/formats.ts';

const maxSeconds = 60;

/** 16 kHz: coders may delay by a frame of AAC, and round their ends to whole packets. */
const mostDelay = 1024;
const mostPadding = 1200;

/** The greatest correlation of the speech in both, over delays of up to a frame. */
function likeness(samples: Float32Array, original: Float32Array): number {
  let best = 0;
  for (let delay = -8; delay <= mostDelay; delay++) {
    let [both, one, other] = [0, 0, 0];
    for (let at = 6000; at < 30_000; at++) {
      const x = original[at] ?? 0;
      const y = samples[at + delay] ?? 0;
      both += x * y;
      one += x * x;
      other += y * y;
    }
    best = Math.max(best, both / Math.sqrt(one * other));
  }
  return best;
}

describe('decodeRecording', () => {
  let original: Float32Array;
  let ffmpeg: string;
  const { error } = console;
  before(async () => {
    // The decoders print each error beside reporting it.
    console.error = () => undefined;
    ffmpeg = await ffmpegPath();
    original = await decodeRecording(originalWav(), { maxSeconds, ffmpegPath: null });
  });
  after(() => {
    console.error = error;
  });
  const decode = (bytes: Uint8Array) => decodeRecording(bytes, { maxSeconds, ffmpegPath: ffmpeg });
  const refuses = async (bytes: Uint8Array, problem: AudioProblem, message: RegExp) => {
    const error = await decode(bytes).catch((cause: unknown) => cause);
    assert.ok(error instanceof AudioError, String(error));
    assert.equal(error.problem, problem);
    assert.match(error.message, message);
  };

  for (const name of FORMAT_FILES) {
    it(`gives the sound of the WAV file that ${name} was made from`, async () => {
      const samples = await decode(formatFile(name));
      if (name === 'flac.flac') assert.deepEqual(samples, original);
      const longer = samples.length - original.length;
      assert.ok(longer >= 0 && longer <= mostPadding, `${longer} samples longer`);
      const alike = likeness(samples, original);
      assert.ok(alike > 0.97, `correlation ${alike}`);
    });
  }

  it('steps over a megabyte of tags with cover art before MP3 and FLAC', async () => {
    const tag = Buffer.alloc(10 + 2 ** 20, 0xff);
    // Synchsafe: seven bits a byte.
    tag.set(Buffer.from('49443304000000400000', 'hex'));
    for (const name of ['mp3.mp3', 'flac.flac'] as const) {
      const tagged = await decode(Buffer.concat([tag, formatFile(name)]));
      assert.deepEqual(tagged, await decode(formatFile(name)));
    }
    await refuses(tag, 'empty', /no sound/);
    await refuses(tag.subarray(0, 40), 'empty', /no sound/);
  });

  it('refuses hours of sound in small files as too long, without decoding them', async () => {
    // 57 hours, 13 GB of samples; 60 minutes.
    await refuses(flacBomb(50_000), 'too_long', /more than 60 s/);
    await refuses(mp3Bomb(50_000), 'too_long', /more than 60 s/);
    for (const kind of ['aac', 'opus-ogg', 'opus-webm', 'vorbis'] as const) {
      const bytes = await silentMinutes(ffmpeg, kind);
      assert.ok(bytes.length < 400_000, `${kind}: ${bytes.length}`);
      await refuses(bytes, 'too_long', /more than 60 s/);
    }
  });

  it('ends where a container is read for ever', async () => {
    await refuses(formatFile('damaged-endless.webm'), 'damaged', /no end/);
  });

  it('calls a file that is cut off damaged, or decodes what is there', async () => {
    for (const name of FORMAT_FILES) {
      const bytes = formatFile(name);
      for (const share of [0.02, 0.3, 0.6, 0.95]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        const outcome = await decode(cut).catch((error: unknown) => error);
        if (outcome instanceof Float32Array) assert.ok(outcome.length < original.length * 1.03);
        else {
          assert.ok(outcome instanceof AudioError, `${name} ${share}: ${String(outcome)}`);
          assert.ok(['damaged', 'empty'].includes(outcome.problem), `${name}: ${outcome.message}`);
        }
      }
    }
  });

  it('notices a single changed bit of FLAC, which has a sum over each frame', async () => {
    const bytes = Buffer.from(formatFile('flac.flac'));
    bytes.writeUInt8(bytes.readUInt8(20_000) ^ 4, 20_000);
    await refuses(bytes, 'damaged', /FLAC/);
  });

  it('refuses M4A where there is no ffmpeg, and says what enables it', async () => {
    await assert.rejects(
      decodeRecording(formatFile('aac.m4a'), { maxSeconds, ffmpegPath: null }),
      (error) =>
        error instanceof AudioError &&
        error.problem === 'unsupported' &&
        /Install ffmpeg/.test(error.message),
    );
  });

  it('names what it refuses, and what works', async () => {
    await refuses(
      Buffer.from('#!AMR\nabc'),
      'unsupported',
      /This is AMR\. .*upload WAV, FLAC, MP3/,
    );
    await refuses(Buffer.from('hello'), 'unsupported', /no audio file that is known/);
    await refuses(Buffer.from('caff'), 'unsupported', /CAF/);
    await refuses(new Uint8Array(), 'empty', /no bytes/);
  });
});
