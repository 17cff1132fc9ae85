/** Finds both recordings, their content digests, the sentence, and the application's ids. */
import { createHash } from 'node:crypto';
import { compareVersions, type VersionOrder } from '../contract/compare-versions.ts';
import type {
  FinishedScoring,
  LessonLine,
  ObjectRef,
  RecordingRef,
  RecordingRole,
  ResolvedLesson,
  ResolveLessonInput,
} from '../contract.ts';
import { ElocuteError } from '../failures.ts';
import type { ActivityDependencies, KnownUpload, LessonRow, ObjectDescription } from './ports.ts';
import { resultSummary } from './result-summary.ts';
import { sentenceKeyOf, standardKeyOf } from './standard-key.ts';

/** A line of a lesson, with room for a long one in UTF-8. */
const MAX_SENTENCE_BYTES = 4096;
const MAX_ID_LENGTH = 64;

type Dependencies = Pick<
  ActivityDependencies,
  'objects' | 'digests' | 'lessons' | 'scorings' | 'audio' | 'settings'
>;

export function createResolveLesson(deps: Dependencies) {
  return async function resolveLesson(
    input: ResolveLessonInput,
    signal: AbortSignal,
  ): Promise<ResolvedLesson | FinishedScoring> {
    const { upload, lesson } = input;
    const { own, standing } = await deps.scorings.find(input.scoringId, upload);
    const finished = finishedScoring(own);
    if (finished !== null) return finished;
    if (input.overtaken === true) {
      throw new ElocuteError('UPLOAD_REPLACED', 'a newer recording lies under this key');
    }
    refuseReplaced({ ...upload, objectModifiedAtMs: null }, standing);
    const standardObject = {
      bucket: deps.settings.standardBucket,
      key: standardKeyOf(lesson, deps.settings.keyRoot),
      versionId: null,
      etag: null,
    };
    const [described, standardDescribed, row] = await Promise.all([
      deps.objects.describe(upload, signal),
      deps.objects.describe(standardObject, signal),
      deps.lessons.find(lesson),
    ]);
    if (described === null) throw new ElocuteError('UPLOAD_GONE', 'the uploaded object is gone');
    const objectModifiedAtMs = described.modifiedAtMs;
    refuseReplaced({ ...upload, objectModifiedAtMs }, standing);
    if (standardDescribed === null) {
      throw new ElocuteError('STANDARD_MISSING', `no standard recording for ${nameOf(lesson)}`);
    }
    const [learner, standard, sentence] = await Promise.all([
      digest('learner', described, deps, signal),
      digest('standard', standardDescribed, deps, signal).catch(blameStandard),
      readSentence(standardDescribed.object, row, deps, signal).catch(blameStandard),
    ]);
    const ids = idsOf(input.userId, described.metadata, row);
    return { learner, standard, sentence, ids, objectModifiedAtMs };
  };
}

/** An upload that was announced once more ends here; a failed one is tried again. */
function finishedScoring(own: KnownUpload['own']): FinishedScoring | null {
  if (own === null || own.status === 'failed') return null;
  const { status, applicationRowId, result, failureCode } = own;
  const summary = result === null ? null : resultSummary(result);
  return { finished: { status, applicationRowId, summary, failureCode } };
}

/** Nobody would read the score of a recording that a newer one has overtaken. */
function refuseReplaced(upload: VersionOrder, standing: readonly VersionOrder[]): void {
  if (standing.some((other) => (compareVersions(other, upload) ?? 0) > 0)) {
    throw new ElocuteError('UPLOAD_REPLACED', 'a newer recording of this key has its outcome');
  }
}

/** The digest of an object version; read once, then remembered. */
async function digest(
  role: RecordingRole,
  { object, sizeBytes }: ObjectDescription,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<RecordingRef> {
  const { maxBytes } = deps.settings;
  if (sizeBytes > maxBytes) {
    const size = `${sizeBytes} bytes, the limit is ${maxBytes}`;
    throw new ElocuteError('AUDIO_TOO_LARGE', `the ${role} recording is too large: ${size}`);
  }
  const known = await deps.digests.find(object);
  if (known !== null && known.format !== null) {
    return referenceTo(role, object, known.sha256, known.format);
  }
  const bytes = await deps.objects.read(object, maxBytes, signal);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const format = deps.audio.formatOf(bytes);
  await deps.digests.remember(object, { sha256, format });
  return referenceTo(role, object, sha256, format);
}

/** Without a format where it is WAV, as references always were. */
function referenceTo(
  role: RecordingRole,
  object: ObjectRef,
  sha256: string,
  format: string,
): RecordingRef {
  return { role, object, sha256, ...(format === 'wav' ? {} : { format }) };
}

/** A standard that vanished or is too large is the editor's trouble, not the learner's. */
function blameStandard(error: unknown): never {
  if (!(error instanceof ElocuteError)) throw error;
  if (error.code === 'UPLOAD_GONE' || error.code === 'UPLOAD_REPLACED') {
    throw new ElocuteError('STORAGE_UNAVAILABLE', 'the standard changed while it was read', {
      cause: error,
    });
  }
  if (error.code === 'AUDIO_TOO_LARGE') {
    throw new ElocuteError('STANDARD_UNUSABLE', error.message, { cause: error });
  }
  throw error;
}

/** The `.txt` beside the standard wins over the lesson row; null where neither exists. */
async function readSentence(
  standard: ObjectRef,
  row: LessonRow | null,
  deps: Dependencies,
  signal: AbortSignal,
): Promise<string | null> {
  const { bucket, key } = standard;
  const beside = { bucket, key: sentenceKeyOf(key), versionId: null, etag: null };
  const described = await deps.objects.describe(beside, signal);
  if (described === null) return row?.sentence ?? null;
  if (described.sizeBytes > MAX_SENTENCE_BYTES) {
    throw new ElocuteError(
      'SENTENCE_INVALID',
      `the sentence file has ${described.sizeBytes} bytes, at most ${MAX_SENTENCE_BYTES} are read`,
    );
  }
  const bytes = await deps.objects.read(described.object, MAX_SENTENCE_BYTES, signal);
  try {
    // A byte-order mark is what Windows editors write; TextDecoder drops it.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch (cause) {
    throw new ElocuteError('SENTENCE_INVALID', 'the sentence file is not UTF-8', { cause });
  }
}

function idsOf(keyUserId: string, metadata: Record<string, string>, row: LessonRow | null) {
  const from = (name: string) => {
    const value = metadata[name]?.trim();
    return value === undefined || value === '' || value.length > MAX_ID_LENGTH ? null : value;
  };
  return {
    // The application knows its user better than the path does.
    userId: from('user-id') ?? keyUserId,
    contentTypeId: from('content-type-id') ?? row?.contentTypeId ?? null,
    objectId: from('object-id') ?? row?.objectId ?? null,
  };
}

function nameOf(lesson: LessonLine): string {
  return `${lesson.contentType} level ${lesson.level}, line ${lesson.line}`;
}
