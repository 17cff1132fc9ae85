import { Connection } from '@temporalio/client';
import { freePort } from './free-port.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

export type SearchAttributeKind =
  'Bool' | 'Datetime' | 'Double' | 'Int' | 'Keyword' | 'KeywordList' | 'Text';

export interface TemporalServerOptions {
  /** Path of the `temporal` command. */
  binary: string;
  /** SQLite file; without it everything is in memory. One server a file. */
  dataFile?: string;
  /** Default: free ports. */
  port?: number;
  uiPort?: number;
  searchAttributes: Readonly<Record<string, SearchAttributeKind>>;
  logFile: string;
  /** Settings of the server, as JSON. */
  dynamicConfig?: Record<string, string>;
  /** Told the pid at once, before the server is ready: the moment to record it. */
  onSpawn?: (pid: number) => void;
  /** Breaks the start off. */
  signal?: AbortSignal | undefined;
}

export interface TemporalServer {
  /** host:port of the gRPC frontend. */
  address: string;
  uiUrl: string;
  pid: number;
  /** Stops the server; may be called again. */
  stop: () => Promise<void>;
  /** Rejects when the server ends without having been stopped. */
  failed: Promise<never>;
}

const HOST = '127.0.0.1';
const READY_WITHIN_MS = 30_000;
/** A free port can be taken by a stranger before the server binds it. */
const PORT_ATTEMPTS = 3;

/**
 * Starts Temporal's development server with its Web UI on 127.0.0.1 and resolves once it answers,
 * the namespace exists and the search attributes are known. Rejects with the end of the log where
 * it dies or takes longer than 30 s.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const portsChosenHere = options.port === undefined || options.uiPort === undefined;
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const uiPort = options.uiPort ?? (await freePort());
    try {
      const server = await startOn(options, port, uiPort);
      return {
        address: `${HOST}:${port}`,
        uiUrl: `http://${HOST}:${uiPort}`,
        pid: server.pid,
        stop: server.stop,
        failed: server.failed,
      };
    } catch (error) {
      const portTaken = error instanceof Error && error.message.includes('address already in use');
      if (!portsChosenHere || !portTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function startOn(
  options: TemporalServerOptions,
  port: number,
  uiPort: number,
): Promise<ServerProcess> {
  const args = ['server', 'start-dev', '--ip', HOST, '--port', String(port)];
  args.push('--ui-ip', HOST, '--ui-port', String(uiPort), '--ui-disable-news-fetch');
  args.push('--log-level', 'warn');
  // Without it the server accepts fairness keys and does nothing with them. Priorities it heeds anyway.
  const dynamic = { 'matching.enableFairness': 'true', ...options.dynamicConfig };
  for (const [key, value] of Object.entries(dynamic)) {
    args.push('--dynamic-config-value', `${key}=${value}`);
  }
  for (const [name, kind] of Object.entries(options.searchAttributes)) {
    args.push('--search-attribute', `${name}=${kind}`);
  }
  if (options.dataFile !== undefined) {
    // Without the two pragmas a database on disk is about eight times slower.
    args.push('--db-filename', options.dataFile, '--sqlite-pragma', 'journal_mode=WAL');
    args.push('--sqlite-pragma', 'synchronous=NORMAL');
  }
  return startServerProcess({
    name: 'Temporal',
    command: options.binary,
    args,
    logFile: options.logFile,
    readyWithinMs: READY_WITHIN_MS,
    onSpawn: options.onSpawn,
    signal: options.signal,
    isReady: () => isServing(`${HOST}:${port}`, Object.keys(options.searchAttributes)),
  });
}

async function isServing(address: string, searchAttributes: string[]): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    return await connection.withDeadline(Date.now() + 2_000, async () => {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      const { customAttributes } = await connection.operatorService.listSearchAttributes({
        namespace: 'default',
      });
      return searchAttributes.every((name) => name in customAttributes);
    });
  } finally {
    await connection.close();
  }
}
