/** Analyses recordings, whole and damaged, as the activities do; keeps what it measured. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { AnalysisEngines } from '../src/adapters/analysis-engines.ts';
import { decodeSpeech } from '../src/audio/decode-speech.ts';
import { encodeWav } from '../src/audio/encode-wav.ts';
import { recordingFigures, type RecordingFigures } from '../src/scoring/attempt.ts';
import { addNoise, clip, cut, silence, snippet } from './degrade.ts';
import type { SpeechRow } from './speech-table.ts';

const RATE_HZ = 16_000;

/** How a recording is damaged; absent: it is not, but laid over another row's sentence. */
export const DEGRADATIONS: Record<string, ((samples: Float32Array) => Float32Array) | null> = {
  'clipped +6 dB': (samples) => clip(samples, 6),
  'clipped +12 dB': (samples) => clip(samples, 12),
  'clipped +18 dB': (samples) => clip(samples, 18),
  'clipped +24 dB': (samples) => clip(samples, 24),
  'noise 20 dB': (samples) => addNoise(samples, 20),
  'noise 10 dB': (samples) => addNoise(samples, 10),
  'noise 5 dB': (samples) => addNoise(samples, 5),
  'noise 0 dB': (samples) => addNoise(samples, 0),
  'noise -5 dB': (samples) => addNoise(samples, -5),
  'digital silence': (samples) => silence(samples, -Infinity),
  'quiet room': (samples) => silence(samples, -60),
  'only 0.25 s': (samples) => snippet(samples, 0.25),
  'only the first third': (samples) => cut(samples, 1 / 3),
  'another sentence': null,
};

/** One recording under one condition. */
export interface Measurement {
  utt: string;
  /** `genuine`, or a key of `DEGRADATIONS`. */
  condition: string;
  /** What the kind of attempt is decided by. */
  attempt: RecordingFigures;
}

export interface MeasurePlan {
  genuine: readonly SpeechRow[];
  degraded: readonly SpeechRow[];
  /** JSON lines; what stands there is not measured again. */
  cache: string | null;
  onProgress: (done: number, of: number) => void;
}

export async function measureAttempts(
  engines: AnalysisEngines,
  { genuine, degraded, cache, onProgress }: MeasurePlan,
): Promise<Measurement[]> {
  const tasks = [
    ...genuine.map((row) => ({ row, condition: 'genuine', sentence: row.text })),
    ...degraded.flatMap((row, index) =>
      Object.keys(DEGRADATIONS).map((condition) => ({
        row,
        condition,
        sentence: condition === 'another sentence' ? otherText(degraded, index) : row.text,
      })),
    ),
  ];
  const kept = readKept(cache);
  const measured: Measurement[] = [];
  for (const { row, condition, sentence } of tasks) {
    const found = kept.get(`${row.utt} ${condition}`);
    const measurement = found ?? (await measure(engines, row, condition, sentence));
    if (found === undefined && cache !== null) {
      appendFileSync(cache, `${JSON.stringify(measurement)}\n`);
    }
    measured.push(measurement);
    onProgress(measured.length, tasks.length);
  }
  return measured;
}

/** The next row's sentence that differs, half the table away: of another speaker. */
function otherText(rows: readonly SpeechRow[], index: number): string {
  const own = rows[index];
  for (let step = 0; step < rows.length; step += 1) {
    const other = rows[(index + (rows.length >> 1) + step) % rows.length];
    if (other && other.text !== own?.text && other.speaker !== own?.speaker) return other.text;
  }
  throw new RangeError('the table needs rows of two speakers with different sentences');
}

async function measure(
  engines: AnalysisEngines,
  row: SpeechRow,
  condition: string,
  sentence: string,
): Promise<Measurement> {
  const samples = decodeSpeech(readFileSync(row.wav), { maxSeconds: 60 });
  const bytes = encodeWav(DEGRADATIONS[condition]?.(samples) ?? samples, RATE_HZ);
  const { signal } = new AbortController();
  const pitch = await engines.trackPitch(bytes, signal);
  const alignment = await engines.alignPhones(bytes, sentence, signal);
  return { utt: row.utt, condition, attempt: recordingFigures(pitch, alignment) };
}

function readKept(cache: string | null): Map<string, Measurement> {
  if (cache === null || !existsSync(cache)) return new Map();
  const lines = readFileSync(cache, 'utf8').split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const measurement = JSON.parse(line) as Measurement;
      return [`${measurement.utt} ${measurement.condition}`, measurement];
    }),
  );
}
