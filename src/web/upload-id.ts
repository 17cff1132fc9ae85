/**
 * Names an upload before there is anything in the bucket. It says whose upload it is and of which
 * line, and grants nothing: who asks is checked against it. The nonce is bound into the upload's
 * metadata, so that a later recording of the same line is not taken for this one.
 */
import { z } from 'zod';
import type { LessonLine } from '../contract.ts';
import { RECORDING_EXTENSIONS, type RecordingExtension } from '../uploads/key-grammar.ts';
import { contentType, title, userId } from './schemas.ts';

export interface UploadId {
  nonce: string;
  /** Until then it can be sent. */
  expiresAtS: number;
  userId: string;
  lesson: LessonLine;
  extension: RecordingExtension;
}

const shape = z.tuple([
  z.string().regex(/^[\w-]{22}$/),
  z.int().min(0).max(1e11),
  userId,
  contentType,
  z.int().min(0).max(9999),
  title,
  z.int().min(0).max(99_999),
  z.enum(RECORDING_EXTENSIONS),
]);

export function writeUploadId(id: UploadId): string {
  const { nonce, expiresAtS, userId: user, lesson, extension } = id;
  const { contentType: kind, level, title: name, line } = lesson;
  const parts = [nonce, expiresAtS, user, kind, level, name, line, extension];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Null where it is none of ours. */
export function readUploadId(id: string): UploadId | null {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(id, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  const read = shape.safeParse(json);
  if (!read.success) return null;
  const [nonce, expiresAtS, user, kind, level, name, line, extension] = read.data;
  const lesson = { contentType: kind, level, title: name, line };
  return { nonce, expiresAtS, userId: user, lesson, extension };
}
