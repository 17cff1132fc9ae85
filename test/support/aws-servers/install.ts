/**
 * Servers of AWS's protocols that we did not write, for tests: ministack and moto.
 * `pip-compile --generate-hashes` makes requirements.txt from .in.
 */
import { fileURLToPath } from 'node:url';
import { pythonEnvironment, type PythonEnvironment } from '../python-environment.ts';

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

export function awsServersEnvironment(
  cacheFolder: string,
  report?: (line: string) => void,
): Promise<PythonEnvironment> {
  return pythonEnvironment({ name: 'aws-servers', requirements }, cacheFolder, report);
}
