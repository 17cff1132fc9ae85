/** An upload: where a browser may send a recording, and what became of it. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { parseUploadKey, uploadKeyOf, type RecordingExtension } from '../../uploads/key-grammar.ts';
import { scoringIdOf } from '../../uploads/scoring-id.ts';
import { findScoring, notFound, nullWhereNone } from '../find-scoring.ts';
import { maySee, type Principal } from '../principal.ts';
import { Problem } from '../problems.ts';
import { extensionOf, takenTypes } from '../recording-types.ts';
import { route, signedIn, type Route } from '../route.ts';
import { lessonLine, time, userId } from '../schemas.ts';
import { isRunning, statusOf } from '../show-scoring.ts';
import { standardObject } from '../standard-object.ts';
import { readUploadId, writeUploadId, type UploadId } from '../upload-id.ts';
import type { WebDependencies, WebSettings } from '../web-ports.ts';

/** Long enough for a slow line, short enough to be of no use to who finds the address. */
const EXPIRES_IN_S = 300;

const applicationId = z.string().regex(/^[\w-]{1,64}$/);

const newUpload = z
  .strictObject({
    lesson: lessonLine,
    contentType: z.string().max(100).meta({
      example: 'audio/wav',
      description: 'audio/wav, or another that the configuration takes (UPLOAD_SUFFIX).',
    }),
    sizeBytes: z
      .int()
      .min(0)
      .meta({ description: 'Exactly as many bytes are taken by the object store.' }),
    userId: userId.optional().meta({
      description: 'Of operators (an application’s server) only: whose voice it is.',
    }),
    contentTypeId: applicationId.optional().meta({ description: 'Of operators only.' }),
    objectId: applicationId.optional().meta({ description: 'Of operators only.' }),
  })
  .meta({ id: 'NewUpload' });

const createdUpload = z
  .object({
    uploadId: z.string(),
    put: z.object({
      method: z.literal('PUT'),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
    expiresAt: time,
    links: z.object({ self: z.string() }),
  })
  .meta({
    id: 'CreatedUpload',
    description:
      'Send the bytes to `put.url` with exactly these headers. Then ask `links.self` until it names the scoring.',
  });

const uploadState = z
  .object({
    uploadId: z.string(),
    status: z
      .enum([
        'waiting',
        'expired',
        'replaced',
        'arrived',
        'scoring',
        'reviewing',
        'completed',
        'failed',
        'superseded',
      ])
      .meta({
        description:
          'waiting: nothing was sent yet; expired: nothing was sent in time; replaced: a later recording of this line lies there; arrived: it lies there, its event is on the way; else the status of the scoring.',
      }),
    scoringId: z.string().nullable(),
    links: z.object({
      self: z.string(),
      scoring: z.string().nullable(),
      events: z.string().nullable(),
    }),
  })
  .meta({ id: 'Upload' });

const PATH = '/api/v1/uploads';

export const uploadRoutes: Route[] = [
  route({
    method: 'POST',
    path: PATH,
    operationId: 'createUpload',
    summary: 'Get an address to send a recording to',
    tag: 'uploads',
    access: ['learner', 'operator'],
    body: newUpload,
    answers: { 201: { description: 'Where to send it.', schema: createdUpload } },
    problems: [
      'STANDARD_MISSING',
      'AUDIO_TOO_LARGE',
      'AUDIO_EMPTY',
      'AUDIO_UNSUPPORTED',
      'KEY_MALFORMED',
      'STORAGE_UNAVAILABLE',
      'STORAGE_DENIED',
    ],
    async handle({ body, principal, deps, signal }) {
      const caller = signedIn({ principal });
      const { settings, objects } = deps;
      const whose = whoseUpload(body, caller);
      const extension = checkedExtension(body, settings);
      const { lesson } = body;
      const key = keyOf({ userId: whose, lesson, extension }, settings);
      const standard = standardObject(lesson, settings);
      const [described, row] = await Promise.all([
        objects.describe(standard, signal),
        deps.lessons.find(lesson),
      ]);
      if (described === null) {
        throw new Problem('STANDARD_MISSING', 'There is no such lesson line.');
      }
      const nonce = randomBytes(16).toString('base64url');
      const expiresAtS = Math.floor(Date.now() / 1000) + EXPIRES_IN_S;
      const contentTypeId = body.contentTypeId ?? row?.contentTypeId;
      const objectId = body.objectId ?? row?.objectId;
      const put = await objects.presignPut({
        bucket: settings.userBucket,
        key,
        contentType: body.contentType,
        sizeBytes: body.sizeBytes,
        metadata: {
          'upload-id': nonce,
          'user-id': whose,
          ...(contentTypeId == null ? {} : { 'content-type-id': contentTypeId }),
          ...(objectId == null ? {} : { 'object-id': objectId }),
        },
        expiresInS: EXPIRES_IN_S,
      });
      const uploadId = writeUploadId({ nonce, expiresAtS, userId: whose, lesson, extension });
      const self = `${PATH}/${uploadId}`;
      return {
        status: 201,
        headers: { location: self },
        body: {
          uploadId,
          put: { method: 'PUT', ...put },
          expiresAt: new Date(expiresAtS * 1000).toISOString(),
          links: { self },
        },
      };
    },
  }),
  route({
    method: 'GET',
    path: `${PATH}/{uploadId}`,
    operationId: 'getUpload',
    summary: 'What became of an upload',
    tag: 'uploads',
    access: ['learner', 'teacher', 'operator'],
    params: z.object({ uploadId: z.string().regex(/^[\w-]{1,1400}$/) }),
    query: z.object({
      version: z
        .string()
        .regex(/^[\w.-]{1,200}$/)
        .optional()
        .meta({
          description:
            '`x-amz-version-id` of the answer to the PUT, where there was one: finds it also after it was replaced.',
        }),
    }),
    answers: { 200: { description: 'How it stands.', schema: uploadState } },
    problems: ['NOT_FOUND', 'STORAGE_UNAVAILABLE', 'STORAGE_DENIED', 'TEMPORAL_UNAVAILABLE'],
    async handle({ params: { uploadId }, query, principal, deps, signal }) {
      const upload = readUploadId(uploadId);
      const caller = signedIn({ principal });
      if (upload === null || !maySee(caller, upload)) {
        throw new Problem('NOT_FOUND', 'No upload of yours has this id.');
      }
      const { status, scoringId } = await stateOf(upload, query.version ?? null, {
        caller,
        deps,
        signal,
      });
      const scoring = scoringId === null ? null : `/api/v1/scorings/${scoringId}`;
      const events = scoring === null ? null : `${scoring}/events`;
      const links = { self: `${PATH}/${uploadId}`, scoring, events };
      return { status: 200, body: { uploadId, status, scoringId, links } };
    },
  }),
];

/** A learner's own; an operator says whose, as the application's server does. */
function whoseUpload(body: z.infer<typeof newUpload>, caller: Principal): string {
  if (caller.role === 'operator') {
    if (body.userId !== undefined) return body.userId;
    const fields = [{ field: 'body.userId', message: 'an operator says whose voice it is' }];
    throw new Problem('REQUEST_INVALID', 'Wrong or missing: body.userId.', { fields });
  }
  const names = ['userId', 'contentTypeId', 'objectId'] as const;
  const given = names.filter((name) => body[name] !== undefined && body[name] !== caller.userId);
  if (given.length === 0) return caller.userId;
  const fields = given.map((name) => ({ field: `body.${name}`, message: 'is for operators' }));
  throw new Problem('REQUEST_INVALID', `Not for learners: ${given.join(', ')}.`, { fields });
}

/** How the key ends, where such a recording is taken. */
function checkedExtension(
  { contentType, sizeBytes }: z.infer<typeof newUpload>,
  { maxBytes, suffixes }: WebSettings,
): RecordingExtension {
  const taken = takenTypes(suffixes);
  const extension = taken.includes(contentType) ? extensionOf(contentType) : null;
  if (extension === null) {
    throw new Problem('AUDIO_UNSUPPORTED', `Taken are: ${taken.join(', ')}.`);
  }
  if (sizeBytes === 0) throw new Problem('AUDIO_EMPTY', 'The recording has no bytes.');
  if (sizeBytes > maxBytes) {
    throw new Problem('AUDIO_TOO_LARGE', `A recording may have ${maxBytes} bytes.`);
  }
  return extension;
}

/** Reads back as the same learner and line, or nobody could score it. */
function keyOf(
  { userId: whose, lesson, extension }: Pick<UploadId, 'userId' | 'lesson' | 'extension'>,
  settings: WebSettings,
): string {
  const key = uploadKeyOf(whose, lesson, settings.userKeyRoot, extension);
  const grammar = { root: settings.userKeyRoot, contentTypes: settings.contentTypes };
  const parsed = parseUploadKey(key, grammar);
  if ('problem' in parsed) throw new Problem('KEY_MALFORMED', `${parsed.problem}.`);
  if (parsed.userId === whose && parsed.lesson.title === lesson.title) return key;
  throw new Problem('KEY_MALFORMED', 'A title is written with spaces, without underscores.');
}

async function stateOf(
  { nonce, expiresAtS, userId: whose, lesson, extension }: UploadId,
  versionId: string | null,
  { caller, deps, signal }: { caller: Principal; deps: WebDependencies; signal: AbortSignal },
): Promise<{ status: z.infer<typeof uploadState>['status']; scoringId: string | null }> {
  const { objects, settings } = deps;
  const key = uploadKeyOf(whose, lesson, settings.userKeyRoot, extension);
  const object = { bucket: settings.userBucket, key, versionId, etag: null };
  const described = await objects.describe(object, signal);
  if (described === null) {
    if (versionId !== null) throw notFound();
    return { status: Date.now() > expiresAtS * 1000 ? 'expired' : 'waiting', scoringId: null };
  }
  if (described.metadata['upload-id'] !== nonce) {
    // What lay there before is not this one: as long as it may still come, it is waited for.
    const isLate = Date.now() > expiresAtS * 1000;
    return { status: isLate ? 'replaced' : 'waiting', scoringId: null };
  }
  const scoringId = scoringIdOf(described.object);
  const found = await findScoring(scoringId, caller, deps, signal).catch(nullWhereNone);
  if (found === null) return { status: 'arrived', scoringId };
  const progress = isRunning(found)
    ? await deps.workflows.progress(found.workflowId, signal)
    : null;
  return { status: statusOf(found, progress), scoringId };
}
