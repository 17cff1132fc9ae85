/** The example project with a whole local stack around it, as its README starts both. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../../src/local/free-port.ts';
import { elocute, ROOT, runCommand, type Finished } from '../run-command.ts';
import { CACHE_FOLDER } from '../services.ts';
import { djangoEnvironment, DJANGO_PROJECT } from './install.ts';

export const NOTIFY_SECRET = 'a-secret-of-the-tests-with-32-characters';
export const SCORING_URL = 'https://elocute.example.com/scorings/{scoring_id}';

export interface RunningSite {
  url: string;
  /** The stack's, as `elocute env` tells it. */
  environment: Record<string, string>;
  /** `manage.py` in the environment of the site. */
  manage(args: readonly string[], environment?: Record<string, string>): Promise<Finished>;
  stop(): Promise<void>;
}

/** Django's migrations run before worker and starter look for the tables; then the site is served. */
export async function startSite(data: string): Promise<RunningSite> {
  const { command, env } = await djangoEnvironment(CACHE_FOLDER);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const shared = { ...env, PYTHONDONTWRITEBYTECODE: '1', NOTIFY_SECRET, DJANGO_DEBUG: 'true' };
  const migrate = `'${command}' '${join(DJANGO_PROJECT, 'manage.py')}' migrate`;
  const children: ChildProcess[] = [];
  const stop = async () => {
    for (const child of children.splice(0).reverse()) await interrupt(child);
  };
  try {
    const up = spawn(
      process.execPath,
      ['bin/elocute.js', 'up', '--data', data, '--app-migrate', migrate],
      {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          ...process.env,
          ...shared,
          LESSON_QUERY: readFileSync(join(DJANGO_PROJECT, 'lesson-query.sql'), 'utf8'),
          NOTIFY_URL: `${url}/elocute/events`,
          NOTIFY_ALLOW_PRIVATE: 'true',
        },
      },
    );
    children.push(up);
    await printed(up, 'Stop with Ctrl-C');
    const told = await elocute(['env', '--data', data, '--json']);
    const environment = JSON.parse(told.stdout) as Record<string, string>;
    const own = { ...environment, ...shared, ELOCUTE_SCORING_URL: SCORING_URL };
    const manage: RunningSite['manage'] = (args, more = {}) =>
      runCommand(command, ['manage.py', ...args], {
        cwd: DJANGO_PROJECT,
        environment: { ...own, ...more },
      });
    const server = spawn(command, ['manage.py', 'runserver', '--noreload', String(port)], {
      cwd: DJANGO_PROJECT,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...own },
    });
    children.push(server);
    await answering(url, server);
    return { url, environment, manage, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves when the process has said it; rejects with all it said where it ends before. */
function printed(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(words)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code ?? '?'}: ${output}`)));
  });
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  let output = '';
  server.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (server.exitCode === null) {
    const answer = await fetch(`${url}/login/`).catch(() => null);
    if (answer?.ok === true) return;
  }
  throw new Error(`the site ended: ${output}`);
}

async function interrupt(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await ended;
}
