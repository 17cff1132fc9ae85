import type { ScoreRecordingInput } from '../contract.ts';
import type { Speech } from '../scoring/compare-speech.ts';
import { melodyOf } from '../scoring/melody.ts';
import { timeSpeech } from '../scoring/timing.ts';
import type { KeptRecording, ReportRow, ReportSources } from './ports.ts';
import type { ComparedSpeech, Recordings, ReportData, SpokenSentence } from './report-data.ts';

/**
 * Everything about one scoring that its page shows; null where no scoring, or more than one, has this
 * id. What is gone (recordings, analyses) is null in it. Throws only where a source does not answer.
 */
export async function readReport(
  sources: ReportSources,
  id: string,
  signal: AbortSignal,
): Promise<ReportData | null> {
  const row = await sources.find(id);
  if (row === null) return null;
  const keys = row.result === null ? null : await sources.analysisKeys(row);
  const [learner, standard, speech] = await Promise.all([
    sources.learnerRecording(row, signal),
    sources.standardRecording(row, keys?.standard.pitch ?? null, signal),
    keys === null ? null : comparedSpeech(sources, row, keys),
  ]);
  return {
    scoring: row.scoring,
    result: row.result,
    speech,
    recordings: recordingsOf({ learner, standard }),
  };
}

function recordingsOf(kept: Record<'learner' | 'standard', KeptRecording>): Recordings {
  const roles = ['learner', 'standard'] as const;
  const wav = (one: KeptRecording) => (typeof one === 'string' ? null : one);
  return {
    learner: wav(kept.learner),
    standard: wav(kept.standard),
    unreadable: roles.filter((role) => kept[role] === 'unreadable'),
  };
}

/** Where the words of an attempt lie that is not the sentence says nothing: null. */
async function comparedSpeech(
  sources: ReportSources,
  row: ReportRow,
  keys: ScoreRecordingInput,
): Promise<ComparedSpeech | null> {
  if (row.result?.attempt.kind !== 'ok') return null;
  const [learner, standard] = await Promise.all([
    spokenSentence(sources, keys.learner),
    spokenSentence(sources, keys.standard),
  ]);
  return learner && standard && { learner, standard };
}

async function spokenSentence(
  sources: ReportSources,
  keys: { pitch: string; alignment: string },
): Promise<SpokenSentence | null> {
  const [pitch, alignment] = await Promise.all([
    sources.pitch(keys.pitch),
    sources.alignment(keys.alignment),
  ]);
  return alignment.kind === 'aligned' ? spokenSentenceOf({ pitch, alignment }) : null;
}

/** Timing and melody of one recording, as the scorer sees them. */
export function spokenSentenceOf({ pitch, alignment }: Speech): SpokenSentence {
  const { words, gapsS } = timeSpeech(alignment, pitch.energyDb);
  return {
    durationS: pitch.durationS,
    words,
    gapsS,
    melody: melodyOf(pitch.refined, words, pitch.energyDb.length),
  };
}
