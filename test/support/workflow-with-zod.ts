/** A workflow as it must not be: it brings a package that nobody allowed. */
import { z } from 'zod';

export function withZod(): Promise<string> {
  return Promise.resolve(z.string().parse('x'));
}
