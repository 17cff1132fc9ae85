import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAnalysisEngines, type AnalysisEngines } from '../../src/adapters/analysis-engines.ts';
import { findFfmpeg } from '../../src/adapters/find-ffmpeg.ts';
import { openMediaPackets } from '../../src/adapters/media-packets.ts';
import { decodeRecording } from '../../src/adapters/decode-recording.ts';
import { FfmpegTrouble, runFfmpeg } from '../../src/adapters/run-ffmpeg.ts';
import { adtsFrame, parseAacConfig } from '../../src/audio/adts.ts';
import { AudioError } from '../../src/audio/audio-error.ts';
import { decodeWav } from '../../src/audio/decode-wav.ts';
import { analysePair } from '../../src/commands/analyse-pair.ts';
import { ElocuteError } from '../../src/failures.ts';
import { scoreRecording } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { flacBomb } from '../support/format-bombs.ts';
import { temporaryFolder } from '../support/services.ts';
import {
  ffmpegPath,
  FORMAT_FILES,
  formatFile,
  formatsLesson,
  originalWav,
} from '../support/formats.ts';

const SCORES = ['overall', 'accuracy', 'fluency', 'prosody', 'completeness'] as const;
/** Coders at 32 to 96 kbit/s move the scores of this recording by less than one point. */
const MOST_POINTS = 2;

describe('a recording in another format than WAV', function () {
  this.timeout(120_000);
  const { signal } = new AbortController();
  let engines: AnalysisEngines;
  let ofWav: ScoringResult;

  const score = async (learner: Uint8Array) => {
    const { sentence, standard } = formatsLesson();
    const pair = { learner, standard: readFileSync(standard), sentence };
    return scoreRecording(await analysePair(engines, pair, signal));
  };

  before(async () => {
    engines = await openAnalysisEngines({ threads: 2, maxSeconds: 60 });
    ofWav = await score(originalWav());
  });
  after(() => engines.close());

  for (const name of FORMAT_FILES) {
    it(`is scored as its WAV: ${name}`, async () => {
      const { versions, ...result } = await score(formatFile(name));
      if (name === 'flac.flac') {
        assert.deepEqual({ ...result, versions: ofWav.versions }, ofWav);
      }
      for (const figure of SCORES) {
        const moved = Math.abs((result[figure] ?? NaN) - (ofWav[figure] ?? NaN));
        assert.ok(moved <= MOST_POINTS, `${figure} moved by ${moved}`);
      }
      assert.match(versions.pitch ?? '', / decode-\d+ \S+@\d/);
      assert.equal(versions.standardPitch, engines.pitchVersion);
    });
  }

  it('names ffmpeg in the version of what M4A is decoded by, and nothing for WAV', () => {
    assert.equal(engines.decoderOf('wav'), null);
    assert.match(engines.decoderOf('m4a') ?? '', / ffmpeg@\d/);
  });

  it('reaches a speech service as WAV of 16 kHz', async () => {
    const wav = await engines.toSpeechWav(formatFile('opus.webm'), signal);
    const { sampleRateHz, samples } = decodeWav(wav, { maxSeconds: 60 });
    assert.equal(sampleRateHz, 16_000);
    assert.ok(samples.length > 40_000);
  });

  it('leaves the processes as they were when it is damaged, endless or a bomb', async () => {
    const codeOf = (bytes: Uint8Array) =>
      engines.trackPitch(bytes, signal).then(
        () => 'tracked',
        (error: unknown) => (error instanceof ElocuteError ? error.code : String(error)),
      );
    const bytes = [
      formatFile('damaged-endless.webm'),
      formatFile('flac.flac').subarray(0, 20_000),
      flacBomb(50_000),
      formatFile('aac.m4a'),
    ];
    assert.deepEqual(await Promise.all(bytes.map(codeOf)), [
      'AUDIO_DAMAGED',
      'AUDIO_DAMAGED',
      'AUDIO_TOO_LONG',
      'tracked',
    ]);
  });

  it('is refused with advice where it is M4A and ffmpeg is switched off', async () => {
    const without = await openAnalysisEngines({ threads: 1, maxSeconds: 60, ffmpegPath: '' });
    try {
      await assert.rejects(without.trackPitch(formatFile('aac.m4a'), signal), {
        code: 'AUDIO_UNSUPPORTED',
        message: /Install ffmpeg/,
      });
      assert.ok((await without.trackPitch(formatFile('mp3.mp3'), signal)).durationS > 2);
    } finally {
      await without.close();
    }
  });
});

describe('ffmpeg', () => {
  it('is not taken from a path that is no ffmpeg: whoever gives one counts on it', async () => {
    await assert.rejects(
      findFfmpeg('/bin/true'),
      /FFMPEG_PATH: \/bin\/true does not run as ffmpeg/,
    );
    assert.equal(await findFfmpeg(''), null);
  });

  it('says nothing of a recording where it does not start, is ended from outside or is late', async () => {
    const folder = temporaryFolder('ffmpeg');
    const script = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      return path;
    };
    const trouble = (path: string, message: RegExp, withinMs = 30_000) =>
      assert.rejects(
        decodeAt(path, withinMs),
        (error) => error instanceof FfmpegTrouble && message.test(error.message),
      );
    const decodeAt = (path: string, withinMs: number) =>
      runFfmpeg(path, new Uint8Array(10), { rateHz: 16_000, mostBytes: 1000, withinMs });
    await trouble(join(folder, 'none'), /does not start: .*none/);
    await trouble(script('killed', 'kill -9 $$'), /was ended by SIGKILL/);
    await trouble(script('late', 'exec sleep 60'), /did not end within 0.2 s/, 200);
    const refused = script('refused', 'echo "Invalid data found" >&2; exit 1');
    await assert.rejects(decodeAt(refused, 30_000), /M4A file is damaged: Invalid data found/);
    await assert.rejects(
      decodeRecording(formatFile('aac.m4a'), { maxSeconds: 60, ffmpegPath: join(folder, 'none') }),
      FfmpegTrouble,
    );
  });

  it('that is removed while the service runs is no damage of the recording: it is tried again', async () => {
    const path = join(temporaryFolder('ffmpeg'), 'ffmpeg');
    symlinkSync(await ffmpegPath(), path);
    const engines = await openAnalysisEngines({ threads: 1, maxSeconds: 60, ffmpegPath: path });
    try {
      unlinkSync(path);
      const tracked = engines.trackPitch(formatFile('aac.m4a'), new AbortController().signal);
      await assert.rejects(tracked, { code: 'ANALYSIS_CRASHED', message: /ffmpeg does not start/ });
    } finally {
      await engines.close();
    }
  });

  it('opens no file and no address, and is ended when more comes out than may', async () => {
    const path = await ffmpegPath();
    const damaged = (error: unknown) => error instanceof AudioError && error.problem === 'damaged';
    const limits = { rateHz: 16_000, mostBytes: 1_000_000 };
    // A playlist, as which ffmpeg would open what it names.
    const playlist = '#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n';
    await assert.rejects(runFfmpeg(path, Buffer.from(playlist), limits), damaged);
    const frames = await adtsOfFixture();
    assert.ok((await runFfmpeg(path, frames, limits)).length > 100_000);
    await assert.rejects(
      runFfmpeg(path, frames, { ...limits, mostBytes: 50_000 }),
      /more came out than was in it/,
    );
  });
});

/** The frames of `aac.m4a`, bare. */
async function adtsOfFixture(): Promise<Uint8Array> {
  const { description, packets } = await openMediaPackets(formatFile('aac.m4a'), 'm4a');
  const frames: Uint8Array[] = [];
  for await (const { data } of packets) frames.push(adtsFrame(parseAacConfig(description), data));
  return Buffer.concat(frames);
}
