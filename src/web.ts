/** The HTTP API and the pages. */
import { once } from 'node:events';
import { openWebDependencies } from './adapters/web-dependencies.ts';
import { loadConfig, type Config } from './config.ts';
import { createLog, type Log } from './log.ts';
import { isMain, runMain } from './main-process.ts';
import { startWebServer, type WebServer } from './web/server.ts';
import { standardObject } from './web/standard-object.ts';
import type { WebDependencies } from './web/web-ports.ts';

export interface RunningWeb {
  deps: WebDependencies;
  server: WebServer;
  origin: string;
  done: Promise<void>;
}

export async function startWeb(
  config: Config,
  log: Log,
  stopped: AbortSignal,
): Promise<RunningWeb> {
  const port = config.WEB_PORT;
  if (port === undefined) throw new Error('WEB_PORT is missing. Example: WEB_PORT=8080');
  const host = config.WEB_HOST;
  const origin = config.WEB_ORIGIN ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const opened = await openWebDependencies(config, {
    origin,
    standardOf: (lesson) => {
      const { STANDARD_BUCKET: standardBucket, STANDARD_KEY_ROOT: standardKeyRoot } = config;
      return standardObject(lesson, { standardBucket, standardKeyRoot });
    },
  });
  let server: WebServer;
  try {
    server = await startWebServer(opened.deps, { host, port, log });
  } catch (error) {
    await opened.close();
    throw error;
  }
  const run = async (): Promise<void> => {
    if (!stopped.aborted) await once(stopped, 'abort');
    await server.close();
  };
  return { server, deps: opened.deps, origin, done: run().finally(() => opened.close()) };
}

if (isMain(import.meta.url)) {
  await runMain(async (stopped) => {
    const config = loadConfig(process.env);
    const log = createLog('web', config.LOG_LEVEL);
    const { origin, done } = await startWeb(config, log, stopped);
    log.info({ origin, host: config.WEB_HOST, port: config.WEB_PORT }, 'web runs');
    process.send?.('ready');
    await done;
    log.info('web stopped');
  });
}
