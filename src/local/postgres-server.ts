import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { lockFolder } from './folder-lock.ts';
import { freePort } from './free-port.ts';
import { clusterFolder, DATABASE_USER, openCluster, tidyEphemeral } from './postgres-cluster.ts';
import type { Cluster } from './postgres-cluster.ts';
import { installedNative, POSTGRES_ENV, postgresUser, usableNative } from './postgres-native.ts';
import type { PostgresUser } from './postgres-native.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

const run = promisify(execFile);

export interface PostgresOptions {
  /** Holds the cluster, its password and its lock; created where missing. */
  dataDir: string;
  /** Default: a free one. */
  port?: number;
  logFile: string;
  /** For tests: no fsync, so a power cut may cost the data. Default: false. */
  ephemeral?: boolean;
  /** Default: the binaries that npm has installed. */
  native?: string;
  /** Where root puts what its PostgreSQL user must reach. Default: /var/lib/elocute. */
  sharedRoot?: string;
  /** Told the pid at once, before the server is ready: the moment to record it. */
  onSpawn?: (pid: number) => void;
  /** Breaks the start off. */
  signal?: AbortSignal | undefined;
}

export interface PostgresServer {
  /** Connection string of the database `postgres`, password included. */
  url: string;
  host: string;
  port: number;
  user: string;
  password: string;
  pid: number;
  /** Fast shutdown; resolves when the process is gone. May be called again. */
  stop: () => Promise<void>;
  /** Rejects when the server ends without having been stopped. */
  failed: Promise<never>;
}

const HOST = '127.0.0.1';
const DATABASE = 'postgres';
const READY_WITHIN_MS = 30_000;
const PORT_ATTEMPTS = 3;

/**
 * Starts PostgreSQL on 127.0.0.1 (no socket files, scram passwords) and resolves once it answers a
 * query. A server left on the same files by a killed run is stopped first; while another run is
 * alive on them it rejects, naming its pid.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const user = postgresUser();
  const sharedRoot = options.sharedRoot ?? '/var/lib/elocute';
  if (user !== undefined) {
    mkdirSync(sharedRoot, { recursive: true });
    chmodSync(sharedRoot, 0o711);
  }
  // Passable for PostgreSQL's user; what must stay private in it has its own mode.
  mkdirSync(options.dataDir, { recursive: true, mode: 0o711 });
  const lock = lockFolder(options.dataDir);
  try {
    const copyTo =
      user === undefined ? resolve(options.dataDir, 'native') : join(sharedRoot, 'postgres-native');
    const native = usableNative(options.native ?? installedNative(), user, copyTo);
    const folder = clusterFolder(options.dataDir, user, sharedRoot);
    if (options.ephemeral === true && user !== undefined) {
      tidyEphemeral(options.dataDir, folder, sharedRoot);
    }
    await stopLeftover(native, folder, user);
    const cluster = await openCluster(native, options.dataDir, folder, user);
    const { port, server } = await startOnFreePort(options, native, cluster, user);
    return {
      url: `postgresql://${DATABASE_USER}:${cluster.password}@${HOST}:${port}/${DATABASE}`,
      host: HOST,
      port,
      user: DATABASE_USER,
      password: cluster.password,
      pid: server.pid,
      failed: server.failed,
      stop: async () => {
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A server that outlived its parent holds the files: PostgreSQL's own tool tells and stops it. */
async function stopLeftover(native: string, folder: string, user: PostgresUser): Promise<void> {
  if (!existsSync(join(folder, 'postmaster.pid'))) return;
  const command = join(native, 'bin', 'pg_ctl');
  const settings = { ...user, cwd: '/', env: POSTGRES_ENV };
  const runs = await run(command, ['-D', folder, 'status'], settings).then(
    () => true,
    () => false,
  );
  if (runs) await run(command, ['-D', folder, '-m', 'fast', '-w', '-t', '30', 'stop'], settings);
}

async function startOnFreePort(
  options: PostgresOptions,
  native: string,
  cluster: Cluster,
  user: PostgresUser,
): Promise<{ port: number; server: ServerProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    try {
      const server = await startServerProcess({
        name: 'PostgreSQL',
        command: join(native, 'bin', 'postgres'),
        args: postgresArguments(cluster.folder, port, options.ephemeral ?? false),
        logFile: options.logFile,
        readyWithinMs: READY_WITHIN_MS,
        onSpawn: options.onSpawn,
        signal: options.signal,
        isReady: () => answers(port, cluster.password),
        user,
        env: POSTGRES_ENV,
      });
      return { port, server };
    } catch (error) {
      const portTaken = error instanceof Error && error.message.includes('Address already in use');
      if (options.port !== undefined || !portTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function postgresArguments(folder: string, port: number, ephemeral: boolean): string[] {
  const settings = [`listen_addresses=${HOST}`, `port=${port}`, 'unix_socket_directories='];
  if (ephemeral) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  return ['-D', folder, ...settings.flatMap((setting) => ['-c', setting])];
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({
    host: HOST,
    port,
    user: DATABASE_USER,
    password,
    database: DATABASE,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  // A connection that breaks while idle is reported here; the check itself rejects anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}
