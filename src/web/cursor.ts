/** Where a page of a list ended, as text that callers hand back; good for the same filters only. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem } from './problems.ts';

const shape = z.tuple([z.string().length(12), z.array(z.string().max(600)).min(1).max(4)]);

/** `of`: what the list was asked for. It grants nothing: what may be seen is asked each time. */
export function writeCursor(position: readonly string[], of: unknown): string {
  return Buffer.from(JSON.stringify([digestOf(of), position])).toString('base64url');
}

/** @throws Problem where it was not written for this list */
export function readCursor<T>(
  cursor: string | undefined,
  of: unknown,
  positionShape: z.ZodType<T>,
): T | null {
  if (cursor === undefined) return null;
  const read = shape.safeParse(jsonOf(cursor));
  if (!read.success) throw new Problem('CURSOR_INVALID', 'It was not made by this server.');
  const [digest, position] = read.data;
  if (digest !== digestOf(of)) {
    throw new Problem('CURSOR_INVALID', 'It belongs to a list with other filters.');
  }
  const parsed = positionShape.safeParse(position);
  if (!parsed.success) throw new Problem('CURSOR_INVALID', 'It was not made by this server.');
  return parsed.data;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function digestOf(of: unknown): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 12);
}
