/** What decoding costs in each format, as a share of WAV's and of the analyses that follow. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRecording } from '../src/adapters/decode-recording.ts';
import { createPitchTracker } from '../src/adapters/essentia.ts';
import { findFfmpeg } from '../src/adapters/find-ffmpeg.ts';
import { encodeWav } from '../src/audio/encode-wav.ts';
import { speechRecordings } from './formats-data.ts';

const REPETITIONS = 25;
const SECONDS = 30;
const CODERS: Record<string, string[]> = {
  'flac.flac': ['-c:a', 'flac'],
  'mp3.mp3': ['-c:a', 'libmp3lame', '-b:a', '64k'],
  'opus.ogg': ['-c:a', 'libopus', '-b:a', '32k'],
  'vorbis.ogg': ['-c:a', 'libvorbis', '-q:a', '5'],
  'opus.webm': ['-c:a', 'libopus', '-b:a', '32k'],
  'aac.m4a': ['-c:a', 'aac', '-b:a', '64k'],
};

const ffmpeg = await findFfmpeg(undefined);
if (ffmpeg === null) throw new Error('ffmpeg makes the files: install it');
const ffmpegPath = ffmpeg.path;
const folder = mkdtempSync(join(tmpdir(), 'elocute-formats-'));
try {
  const wav = encodeWav(speechRecordings(SECONDS), 16_000);
  const wavPath = join(folder, 'wav.wav');
  writeFileSync(wavPath, wav);
  const ofWav = await leastMs(wav);
  const formats = [{ file: 'wav.wav', bytes: wav.length, ms: ofWav, ratioToWav: 1 }];
  for (const [file, coder] of Object.entries(CODERS)) {
    const path = join(folder, file);
    execFileSync(ffmpegPath, ['-nostdin', '-v', 'error', '-i', wavPath, ...coder, path]);
    const bytes = readFileSync(path);
    const ms = await leastMs(bytes);
    formats.push({ file, bytes: bytes.length, ms, ratioToWav: round(ms / ofWav) });
  }
  const samples = await decodeRecording(wav, { maxSeconds: 60, ffmpegPath: null });
  const { track } = await createPitchTracker();
  const pitchMs = least(await repeated(() => Promise.resolve(track(samples))));
  const result = {
    what: `wall milliseconds to decode ${SECONDS} s of 16 kHz mono speech, the least of ${REPETITIONS} (other work on the machine only adds), warm; pitch of the same for comparison`,
    formats: formats.map((one) => ({ ...one, ms: round(one.ms) })),
    pitchMs: round(pitchMs),
    machine: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    loadAverage: round(loadavg()[0] ?? 0),
    date: new Date().toISOString().slice(0, 10),
    versions: { node: process.version, ffmpeg: ffmpeg.version },
  };
  const path = new URL('results/formats.json', import.meta.url);
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function leastMs(bytes: Uint8Array): Promise<number> {
  return least(await repeated(() => decodeRecording(bytes, { maxSeconds: 60, ffmpegPath })));
}

/** The first two warm up what is loaded once. */
async function repeated(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < REPETITIONS + 2; round++) {
    const startedMs = performance.now();
    await work();
    times.push(performance.now() - startedMs);
  }
  return times.slice(2);
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
