import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../src/local/free-port.ts';
import { startServerProcess } from '../../../src/local/server-process.ts';
import { CACHE_FOLDER, onEnd, temporaryFolder } from '../services.ts';
import { awsServersEnvironment } from './install.ts';

/** What both servers take for the root of the account. */
export const ROOT_KEYS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Every request is authenticated and authorised, and queue policies decide on deliveries. */
export async function startMinistack(): Promise<string> {
  const folder = temporaryFolder('ministack');
  return start('ministack', ['-m', 'ministack'], folder, (port) => ({
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    AUTH: 'true',
    SERVICES: 's3,sqs,sns,events,iam,sts,cloudformation',
    IOT_MTLS_ENABLED: '0',
    S3_DATA_DIR: join(folder, 's3'),
    STATE_DIR: join(folder, 'state'),
  }));
}

/** Checks nothing, and sends what no AWS service would: a source that must not be trusted. */
export async function startMoto(): Promise<string> {
  const args = (port: number) => ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  return start('moto', args, temporaryFolder('moto'), () => ({}));
}

async function start(
  name: string,
  args: string[] | ((port: number) => string[]),
  folder: string,
  environmentOf: (port: number) => Record<string, string>,
): Promise<string> {
  const { command, env } = await awsServersEnvironment(CACHE_FOLDER);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    name,
    command,
    args: typeof args === 'function' ? args(port) : args,
    logFile: join(folder, `${name}.log`),
    readyWithinMs: 60_000,
    isReady: async () => (await fetch(endpoint)).status > 0,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env, ...environmentOf(port) },
  });
  server.failed.catch(() => undefined);
  onEnd(() => server.stop());
  return endpoint;
}

export interface Deployment {
  status: string;
  /** Of what failed. */
  reasons: string[];
  /** Name of an output that is a policy → the keys of a user that has that policy and no other. */
  keys: Record<string, { accessKeyId: string; secretAccessKey: string }>;
}

export async function deploy(wish: {
  endpoint: string;
  stack: string;
  template: object;
  parameters: Record<string, string>;
}): Promise<Deployment> {
  const { command, env } = await awsServersEnvironment(CACHE_FOLDER);
  const script = fileURLToPath(new URL('deploy.py', import.meta.url));
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      command,
      [script],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(stderr, { cause: error }));
      },
    );
    child.stdin?.end(JSON.stringify(wish));
  });
  return JSON.parse(output) as Deployment;
}
