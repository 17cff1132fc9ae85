/** Django and what else the example project needs, from its own requirements. */
import { join } from 'node:path';
import { pythonEnvironment, type PythonEnvironment } from '../python-environment.ts';
import { ROOT } from '../run-command.ts';

export const DJANGO_PROJECT = join(ROOT, 'examples', 'django');

export function djangoEnvironment(
  cacheFolder: string,
  report?: (line: string) => void,
): Promise<PythonEnvironment> {
  const requirements = join(DJANGO_PROJECT, 'requirements.txt');
  return pythonEnvironment({ name: 'django', requirements }, cacheFolder, report);
}
