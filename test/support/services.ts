/**
 * Real services for tests, started on first use, one of each per run, stopped by the root hook.
 * What tests share is servers; each test file has its own database, queues and buckets.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { migrate } from '../../src/adapters/migrations.ts';
import { openDatabase, type Database } from '../../src/adapters/postgres.ts';
import { connectTemporal } from '../../src/adapters/temporal.ts';
import { buildWorkflowBundle } from '../../src/adapters/workflow-bundle.ts';
import { searchAttributes } from '../../src/contract.ts';
import { createApplicationTable } from '../../src/local/application-table.ts';
import { startPostgres, type PostgresServer } from '../../src/local/postgres-server.ts';
import { findTemporalBinary } from '../../src/local/temporal-binary.ts';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.ts';

const stops: (() => Promise<void> | void)[] = [];

/** Runs when the whole mocha run ends. */
export function onEnd(stop: () => Promise<void> | void): void {
  stops.push(stop);
}

/** Stops everything, also after one that could not be stopped; then says which could not. */
export async function stopServices(): Promise<void> {
  const errors: unknown[] = [];
  for (const stop of stops.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, 'services of the tests did not stop');
}

function once<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => (started ??= start());
}

/** A folder that is removed at the end of the run. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `elocute-${name}-`));
  onEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

export const CACHE_FOLDER = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'elocute',
);

export const temporalBinary = once(async (): Promise<string> => {
  const { path } = await findTemporalBinary({
    env: process.env,
    cacheDir: CACHE_FOLDER,
    report: () => undefined,
  });
  return path;
});

export const temporalServer = once(async (): Promise<TemporalServer> => {
  const folder = temporaryFolder('temporal');
  const server = await startTemporalServer({
    binary: await temporalBinary(),
    searchAttributes,
    logFile: join(folder, 'temporal.log'),
  });
  onEnd(() => server.stop());
  return server;
});

/** To a server of the tests: no TLS, no key. */
export function connectPlainly(address: string): Promise<Client> {
  return connectTemporal({ address, namespace: 'default', apiKey: undefined, tls: false });
}

export const temporalClient = once(async (): Promise<Client> => {
  const { address } = await temporalServer();
  const client = await connectPlainly(address);
  onEnd(() => client.connection.close());
  return client;
});

/** Quiet: the SDK's warnings about failures that tests cause on purpose would drown the report. */
export const runtime = once(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) },
    },
  });
  return Promise.resolve();
});

export const bundle = once(async () => {
  await runtime();
  return buildWorkflowBundle();
});

/** With the SDK's OpenTelemetry interceptors. */
export const tracedBundle = once(async () => {
  await runtime();
  return buildWorkflowBundle(undefined, 'traced');
});

export const postgresServer = once(async (): Promise<PostgresServer> => {
  const folder = temporaryFolder('postgres');
  const server = await startPostgres({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'postgres.log'),
    ephemeral: true,
  });
  onEnd(() => server.stop());
  return server;
});

const TEMPLATE = 'elocute_template';

const template = once(async () => {
  const server = await postgresServer();
  await administer(server.url, `create database ${TEMPLATE}`);
  const url = databaseUrl(server.url, TEMPLATE);
  await migrate(url);
  const database = openDatabase({ connectionString: url, poolSize: 1 });
  await createApplicationTable(database);
  await database.close();
});

/** A database of its own, cloned from a migrated template. */
export async function freshDatabase(): Promise<{ url: string; database: Database }> {
  await template();
  const { url } = await postgresServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(url, `create database ${name} template ${TEMPLATE}`);
  const own = databaseUrl(url, name);
  const database = openDatabase({ connectionString: own, poolSize: 4 });
  onEnd(() => database.close());
  return { url: own, database };
}

async function administer(url: string, statement: string): Promise<void> {
  const database = openDatabase({ connectionString: url, poolSize: 1 });
  try {
    await database.query(statement);
  } finally {
    await database.close();
  }
}

export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

export function freshName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}
