/**
 * Which analyses a stored score was made from. Its row names the engines and the sentence; the
 * recordings' digests are remembered by object version. The standard may have been replaced since, so
 * each content that ever lay in its place is a candidate, and the kept score is the proof: its key is
 * made from the keys of the five.
 */
import { createHash } from 'node:crypto';
import type { ScoringToRescore } from '../activities/batch-ports.ts';
import type { AnalysisKey } from '../activities/ports.ts';
import type { ScoreRecordingInput } from '../contract.ts';
import { scoreEngineOf } from '../scoring/scoring-versions.ts';
import { analysisKeyOf } from './postgres-analyses.ts';
import type { Database } from './postgres.ts';

/** What of a scoring tells its analyses. */
export interface ScoredFrom extends Pick<ScoringToRescore, 'object' | 'sentence'> {
  result: Pick<ScoringToRescore['result'], 'formulaVersion' | 'versions'>;
}

export type FoundAnalyses = { keys: ScoreRecordingInput } | { missing: string };

export async function findAnalyses(
  database: Database,
  scoring: ScoredFrom,
  standard: { bucket: string; key: string },
): Promise<FoundAnalyses> {
  const engines = enginesOf(scoring);
  if (engines === null) return { missing: 'the stored result does not name its engines' };
  const { bucket, key, versionId, etag } = scoring.object;
  const [learner] = await digestsOf(database, { bucket, key }, versionId ?? etag);
  if (learner === undefined) return { missing: 'the digest of the recording is not known' };
  const standards = await digestsOf(database, standard, null);
  const candidates = standards.flatMap((sha256) =>
    candidatesOf(scoring, engines, learner, sha256).map((keys) => ({
      keys,
      proof: proofOf(scoring, engines.model, keys),
    })),
  );
  const kept = await keptOf(
    database,
    candidates.flatMap(({ keys, proof }) => [...fiveOf(keys), proof]),
  );
  const whole = candidates.filter(({ keys }) => fiveOf(keys).every((one) => kept.has(one)));
  const proven = whole.find(({ proof }) => kept.has(proof));
  const only = whole.length === 1 ? whole[0] : undefined;
  const found = proven ?? only;
  if (found !== undefined) return { keys: found.keys };
  if (whole.length > 1) {
    return { missing: `which of ${whole.length} standards it was compared with is not known` };
  }
  return { missing: missingOf(candidates[0]?.keys, kept) };
}

interface Engines {
  recogniser: string;
  pitch: string;
  aligner: string;
  standardPitch: string;
  standardAligner: string;
  model: string;
}

function enginesOf({ result }: ScoredFrom): Engines | null {
  const { versions } = result;
  const names = ['recogniser', 'pitch', 'aligner', 'standardPitch', 'standardAligner'] as const;
  if (versions === undefined || names.some((name) => versions[name] === null)) return null;
  return versions as Engines;
}

/** `version` null: of every version, the latest first. */
async function digestsOf(
  database: Database,
  object: { bucket: string; key: string },
  version: string | null,
): Promise<string[]> {
  const rows = await database.query<{ sha256: string }>(
    `select sha256, max(created_at) as latest from elocute.recording_digest
     where bucket = $1 and object_key = $2 and ($3::text is null or version = $3)
     group by sha256 order by latest desc`,
    [object.bucket, object.key, version],
  );
  return rows.map(({ sha256 }) => sha256);
}

/** The offline recogniser's transcripts are kept by sentence too, Google's are not. */
function candidatesOf(
  { sentence }: ScoredFrom,
  engines: Engines,
  learner: string,
  standard: string,
): ScoreRecordingInput[] {
  const keyOf = (kind: AnalysisKey['kind'], engine: string, sha256: string, text: string | null) =>
    analysisKeyOf({ kind, engine, sha256, sentence: text });
  return [sentence, null].map((hint) => ({
    sentence,
    learner: {
      transcript: keyOf('transcript', engines.recogniser, learner, hint),
      pitch: keyOf('pitch', engines.pitch, learner, null),
      alignment: keyOf('alignment', engines.aligner, learner, sentence),
    },
    standard: {
      pitch: keyOf('pitch', engines.standardPitch, standard, null),
      alignment: keyOf('alignment', engines.standardAligner, standard, sentence),
    },
  }));
}

function fiveOf({ learner, standard }: ScoreRecordingInput) {
  return [
    learner.transcript,
    learner.pitch,
    learner.alignment,
    standard.pitch,
    standard.alignment,
  ] as const;
}

/** The key that the kept score has, if it was made from these five. */
function proofOf(
  { result, sentence }: ScoredFrom,
  model: string,
  keys: ScoreRecordingInput,
): string {
  return analysisKeyOf({
    kind: 'score',
    engine: scoreEngineOf(result.formulaVersion, model),
    sha256: createHash('sha256').update(fiveOf(keys).join(' ')).digest('hex'),
    sentence,
  });
}

async function keptOf(database: Database, keys: string[]): Promise<Set<string>> {
  const rows = await database.query<{ key: string }>(
    'select key from elocute.analysis where key = any($1)',
    [[...new Set(keys)]],
  );
  return new Set(rows.map(({ key }) => key));
}

function missingOf(keys: ScoreRecordingInput | undefined, kept: Set<string>): string {
  if (keys === undefined) return 'the digest of the standard is not known';
  const names = [
    'transcript · learner',
    'pitch · learner',
    'phones · learner',
    'pitch · standard',
    'phones · standard',
  ];
  const gone = fiveOf(keys).flatMap((key, index) => (kept.has(key) ? [] : [names[index]]));
  return `not kept any more: ${gone.join(', ')}`;
}
