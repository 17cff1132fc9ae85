/** The shapes of requests and answers: what validates them is what documents them. */
import { z } from 'zod';
import { isFailureCode, failures, type FailureCode } from '../failures.ts';
import { problemKinds, type ProblemCode } from './problems.ts';

export const contentType = z
  .string()
  .regex(/^[\w-]{1,64}$/)
  .meta({ example: 'novel' });
const level = z.int().min(0).max(9999);
const line = z.int().min(0).max(99_999);
/** As it stands in the standard bucket; a slash would be another folder. */
export const title = z
  .string()
  .min(1)
  .max(200)
  // eslint-disable-next-line no-control-regex
  .regex(/^[^/\u0000-\u001f\u007f-\u009f\u2028\u2029]+$/, 'must hold no slash or control character')
  .meta({ example: 'A Breath of Life' });

export const search = z.string().max(100).meta({ description: 'In titles, whatever the case.' });

export const lessonLine = z
  .strictObject({ contentType, level, title, line })
  .meta({ id: 'LessonLine', description: 'One line of a lesson.' });

/** In addresses everything is text. */
export const levelText = z.coerce.number().int().min(0).max(9999);
export const lineText = z.coerce.number().int().min(0).max(99_999);

/** A segment of keys: no slash, no dots alone. */
export const userId = z
  .string()
  .regex(/^(?!\.{1,2}$)[\w.@+=:-]{1,128}$/, 'must be 1 to 128 letters, digits or . _ @ + = : -')
  .meta({ example: '7' });

export const scoringId = z
  .string()
  .regex(/^([0-9a-f]{64}|score-[0-9a-f]{32})$/, 'must be a scoring id or a workflow id')
  .meta({ example: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c' });

export const failureCode = z
  .string()
  .refine((code): code is FailureCode => isFailureCode(code), 'is none of the failure codes')
  .meta({ enum: Object.keys(failures) });

export const time = z.iso.datetime({ offset: true }).meta({ example: '2026-11-24T09:30:00Z' });

/** `reviewing`: scored, and a teacher is asked; it may take days. */
const anyStatus = z.enum(['scoring', 'reviewing', 'completed', 'failed', 'superseded']);

export const finalStatus = z.enum(['completed', 'failed', 'superseded']);

const score = z.number().min(0).max(100).nullable();
const similarity = z.number().nullable();

export const progress = z
  .object({
    status: anyStatus,
    steps: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['waiting', 'running', 'done', 'kept', 'failed', 'cancelled']),
      }),
    ),
    summary: z
      .looseObject({ overall: score })
      .nullable()
      .meta({ description: 'Null for learners while a teacher is asked.' }),
    failureCode: z.string().nullable(),
    review: z.object({ because: z.string().optional(), untilMs: z.number() }).optional().meta({
      description:
        'Where a teacher is or was asked: until when, and the rule, which learners are not told.',
    }),
  })
  .meta({ id: 'Progress', description: 'How far the steps of a scoring are.' });

const inLanguages = z.union([z.object({ en: z.string(), ko: z.string() }), z.string()]);

export const scoringResult = z
  .looseObject({
    schemaVersion: z.int(),
    formulaVersion: z.string(),
    attempt: z.looseObject({ kind: z.string() }),
    overall: score,
    accuracy: score,
    fluency: score,
    prosody: score,
    completeness: score,
    pitchSimilarity: similarity,
    rhythmSimilarity: similarity,
    pauseSimilarity: similarity,
    speedRatio: similarity,
    words: z.array(
      z.looseObject({
        text: z.string(),
        kind: z.enum(['ok', 'mispronounced', 'omitted', 'inserted']),
        score,
        startS: z.number().nullable(),
        endS: z.number().nullable(),
      }),
    ),
    mispronouncedWords: z.array(z.string()),
    mispronouncedRatio: z.number().nullable(),
    feedback: z.looseObject({ text: inLanguages }),
  })
  .meta({
    id: 'ScoringResult',
    description:
      'Figures, words and advice as they are kept (docs/scoring.md). Scores are 0–100, similarities 0–1, null where undefined. Further fields may come.',
  });

const links = z.object({
  self: z.string(),
  events: z.string(),
  report: z.string(),
  learnerRecording: z.string(),
  standardRecording: z.string(),
});

const failure = z
  .object({
    code: z.string(),
    message: z.string().meta({ description: 'For the learner, in the language asked for.' }),
    replayable: z.boolean(),
    detail: z
      .string()
      .nullable()
      .meta({ description: 'For operators: what happened and what to do; else null.' }),
  })
  .meta({ id: 'Failure' });

const scoringFields = {
  id: z.string(),
  workflowId: z.string(),
  status: anyStatus,
  userId: z.string(),
  lesson: lessonLine,
  sentence: z.string().nullable(),
  failure: failure.nullable(),
  attempts: z.int(),
  applicationRowId: z.string().nullable(),
  createdAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  links,
};

export const scoring = z
  .object({ ...scoringFields, result: scoringResult.nullable(), progress: progress.nullable() })
  .meta({ id: 'Scoring', description: 'One scored upload; `progress` while it is being scored.' });

export const listedScoring = z
  .object({
    ...scoringFields,
    attempt: z.string().nullable(),
    summary: z
      .object({
        overall: score,
        accuracy: score,
        fluency: score,
        prosody: score,
        completeness: score,
        mispronouncedWords: z.array(z.string()),
      })
      .nullable(),
  })
  .meta({ id: 'ListedScoring', description: 'A scoring without its words and advice.' });

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ enum: [...Object.keys(problemKinds), ...Object.keys(failures)] }),
    advice: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457, with a code to act on.' });

export const language = z.enum(['en', 'ko']).optional();

export const limit = z.coerce.number().int().min(1).max(200).default(50);

export const cursor = z
  .string()
  .max(1000)
  .regex(/^[\w-]+$/, 'must be a nextCursor of this list')
  .optional();

export type { ProblemCode };
