/** Scorings of the lesson recordings as the workflow would have left them, with all analyses kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { AnalysisKey } from '../../src/activities/ports.ts';
import { standardKeyOf } from '../../src/activities/standard-key.ts';
import { createAnalysisStore } from '../../src/adapters/postgres-analyses.ts';
import { createContentDigests } from '../../src/adapters/postgres-lessons.ts';
import { createScoringStore } from '../../src/adapters/postgres-scorings.ts';
import type { Database } from '../../src/adapters/postgres.ts';
import type { LessonLine, ObjectRef } from '../../src/contract.ts';
import { FORMULA_VERSION, scoreRecording } from '../../src/scoring/score.ts';
import type { EngineVersions } from '../../src/scoring/scoring-versions.ts';
import { MODEL_VERSION, scoreEngineOf } from '../../src/scoring/scoring-versions.ts';
import type { Pronunciations } from '../../src/scoring/pronunciations.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { uploadKeyOf } from '../../src/uploads/key-grammar.ts';
import { scoringIdOf } from '../../src/uploads/scoring-id.ts';
import { lessonAnalyses } from './golden.ts';

const never = new AbortController().signal;
export const STANDARD_BUCKET = 'standard-audio-file';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export interface KeptScoring {
  id: string;
  object: ObjectRef;
  lesson: LessonLine;
  result: ScoringResult;
  applicationRowId: string;
  /** Keys of its analyses, the learner's first. */
  keys: string[];
}

export interface KeepOptions {
  /** Which of the thirty recordings, and whose. */
  index: number;
  userId?: string;
  title?: string;
  /** As an older formula would have scored it. */
  older?: (result: ScoringResult) => ScoringResult;
}

/** The pronunciations that the lesson recordings were scored with. */
export const lessonLexicon = {
  pronounce: (words: readonly string[]): Promise<Pronunciations> => {
    const known = Object.assign(
      {},
      ...lessonAnalyses().map((one) => one.pronunciations),
    ) as Pronunciations;
    return Promise.resolve(
      Object.fromEntries(
        words.flatMap((word) => {
          const ways = known[word];
          return ways === undefined ? [] : [[word, ways]];
        }),
      ),
    );
  },
};

/** An older formula: `points` added to every score. */
export function olderBy(points: number): (result: ScoringResult) => ScoringResult {
  return (result) => ({
    ...result,
    formulaVersion: '1',
    versions: { ...result.versions, formula: '1' },
    overall: result.overall === null ? null : Math.max(0, Math.min(100, result.overall + points)),
  });
}

export async function keepScoring(
  database: Database,
  { index, userId = '482', title = 'Kept', older = (result) => result }: KeepOptions,
): Promise<KeptScoring> {
  const analyses = lessonAnalyses();
  const input = analyses[index % analyses.length];
  if (input === undefined) throw new Error(`no recording ${index}`);
  const lesson = { contentType: 'novel', level: 2, title, line: (index % analyses.length) + 1 };
  const engines = input.engines as EngineVersions;
  const key = uploadKeyOf(userId, lesson, 'user-audio-file');
  const version = randomBytes(8).toString('hex');
  const object = { bucket: 'user-audio-file', key, versionId: version, etag: version };
  const id = scoringIdOf(object);
  const learner = sha256(`learner ${id}`);
  const standard = sha256(`standard ${title} ${lesson.line}`);
  const digests = createContentDigests(database);
  await digests.remember(object, { sha256: learner, format: 'wav' });
  const standardKey = standardKeyOf(lesson, 'standard-audio-file');
  await digests.remember(
    { bucket: STANDARD_BUCKET, key: standardKey, versionId: standard, etag: null },
    { sha256: standard, format: 'wav' },
  );
  const store = createAnalysisStore(database);
  const keep = async (
    kind: AnalysisKey['kind'],
    engine: string,
    digest: string,
    text: string | null,
    value: unknown,
  ) =>
    (
      await store.once(
        { kind, engine, sha256: digest, sentence: text },
        () => Promise.resolve(value),
        never,
      )
    ).key;
  const { sentence } = input;
  const keys = [
    await keep('transcript', engines.recogniser, learner, sentence, input.learner.transcript),
    await keep('pitch', engines.pitch, learner, null, input.learner.pitch),
    await keep('alignment', engines.aligner, learner, sentence, input.learner.alignment),
    await keep('pitch', engines.standardPitch, standard, null, input.standard.pitch),
    await keep('alignment', engines.standardAligner, standard, sentence, input.standard.alignment),
  ];
  const result = older(scoreRecording(input));
  const { formula } = result.versions;
  const inputs = sha256(keys.join(' '));
  const resultKey = await keep(
    'score',
    scoreEngineOf(formula, MODEL_VERSION),
    inputs,
    sentence,
    result,
  );
  const saved = await createScoringStore(database).saveScore(
    {
      scoringId: id,
      upload: { ...object, sequencer: null },
      lesson,
      ids: { userId, contentTypeId: null, objectId: null },
      sentence,
      workflowId: `score-${id.slice(0, 32)}`,
      runId: 'run',
      startedAtMs: Date.now(),
      resultKey,
    },
    result,
  );
  return { id, object, lesson, result, applicationRowId: saved.applicationRowId ?? '', keys };
}

export const CURRENT = { formula: FORMULA_VERSION, model: MODEL_VERSION };

/** What the original would have written of it, the pitch similarity `off` by so much. */
export function originalLine({ object, result }: KeptScoring, off = 0): string {
  return JSON.stringify({
    audio_file: object.key,
    pitch_similarity: (result.pitchSimilarity ?? 0) + off,
    rhythm_similarity: null,
    speed_ratio: result.speedRatio,
    pause_similarity: result.pauseSimilarity,
    mispronounced_words: result.mispronouncedWords,
    mispronounced_ratio: result.mispronouncedRatio,
  });
}
