import type { z } from 'zod';
import { Problem } from './problems.ts';

const SHOWN = 10;

/** What was sent as the schema reads it. @throws Problem that names each field that is wrong */
export function checked<T>(
  where: 'path' | 'query' | 'body',
  schema: z.ZodType<T> | undefined,
  given: unknown,
): T {
  // Without a schema nothing is read from it.
  if (schema === undefined) return undefined as T;
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, SHOWN).map(({ path, message }) => ({
    field: [where, ...path.map(String)].join('.').slice(0, 200),
    message: message.slice(0, 300),
  }));
  const named = fields.map(({ field }) => field).join(', ');
  throw new Problem('REQUEST_INVALID', `Wrong or missing: ${named}.`, { fields });
}
