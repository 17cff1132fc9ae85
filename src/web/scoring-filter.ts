/** Which scorings, wherever they are listed, counted or exported. */
import { z } from 'zod';
import { CLASS_NAME, type Principal } from './principal.ts';
import { Problem } from './problems.ts';
import {
  contentType,
  failureCode,
  finalStatus,
  levelText,
  lineText,
  search,
  time,
  title,
  userId,
} from './schemas.ts';
import type { ScoringFilter } from './web-ports.ts';

export const scoringFilter = {
  contentType: contentType.optional(),
  level: levelText.optional(),
  title: title.optional(),
  search: search.optional(),
  line: lineText.optional(),
  user: userId.optional(),
  class: z
    .string()
    .regex(CLASS_NAME)
    .optional()
    .meta({ description: 'A class of the teacher’s token: scorings of its learners.' }),
  status: finalStatus.optional(),
  code: failureCode.optional(),
  since: time.optional().meta({ description: 'First written at or after it.' }),
  until: time.optional().meta({ description: 'First written before it.' }),
};

type Query = z.infer<z.ZodObject<typeof scoringFilter>>;

/** @throws Problem where the class is none of the caller's */
export function filterFor(
  { classes }: Principal,
  { user, class: name, ...rest }: Query,
): ScoringFilter {
  const filter = { ...rest, userId: user };
  if (name === undefined) return filter;
  const users = classes?.get(name);
  if (users !== undefined) return { ...filter, users };
  const message = 'is no class of this token';
  throw new Problem('REQUEST_INVALID', 'Wrong or missing: query.class.', {
    fields: [{ field: 'query.class', message }],
  });
}
