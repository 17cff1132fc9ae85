/**
 * The whole of Elocute on one machine: servers, worker, starter and web process, on loopback and free
 * ports, in one data folder. A part whose address is set in the environment is used instead of started.
 */
import { join } from 'node:path';
import type { Environment } from '../config.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import { lockFolder } from './folder-lock.ts';
import { startMain, type RunningMain } from './main-child.ts';
import { forgetProcess, recordProcess, stopOrphans } from './process-record.ts';
import { removeStackFile, writeStackFile } from './stack-file.ts';
import {
  startDatabase,
  startObjects,
  startSpeech,
  startTemporal,
  type PartContext,
} from './stack-parts.ts';
import { webEnvironment, webUrlOf } from './web-environment.ts';

export interface StackOptions {
  dataDir: string;
  cacheDir: string;
  /** The configuration given; it reaches worker and starter, save what concerns servers of ours. */
  environment: Environment;
  /** What programs need besides: PATH, HOME, proxies. Handed on as it is, never written down. */
  machine: Environment;
  /** Nothing outlives the run: databases skip fsync, Temporal keeps its state in memory. */
  ephemeral: boolean;
  /** Makes the application's tables before worker and starter look at them; absent: a stand-in is made. */
  migrateApplication?: ((environment: Record<string, string>) => Promise<void>) | undefined;
  report: (line: string) => void;
  /** Breaks the start off; what was started by then is stopped, and the reason is thrown. */
  signal?: AbortSignal;
}

export interface LocalStack {
  /** What worker, starter, web process and commands are configured with. */
  environment: Record<string, string>;
  uiUrl: string | null;
  /** Origin of the HTTP API and the pages. */
  webUrl: string;
  folder: DataFolder;
  /** Whether the S3 store is our own, and not one that was given. */
  ownsObjects: boolean;
  /** Rejects when worker, starter, web process, Temporal or PostgreSQL ends without being asked. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { report, signal, environment: given, machine } = options;
  const folder = openDataFolder(options.dataDir);
  const lock = lockFolder(folder.root);
  const stops: PartContext['stops'] = [() => lock.release()];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) {
      try {
        await one();
      } catch (error) {
        report(`While stopping: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  try {
    await stopOrphans(folder.root, report);
    const { cacheDir, ephemeral } = options;
    const standInTable = options.migrateApplication === undefined;
    const wishes = { given, machine, cacheDir, ephemeral, standInTable };
    const context: PartContext = { ...wishes, folder, report, signal, stops };
    const results = await Promise.allSettled([
      startTemporal(context),
      startDatabase(context),
      startObjects(context),
      startSpeech(context),
    ]);
    signal?.throwIfAborted();
    const parts = results.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
    const added = Object.assign({}, ...parts.map((part) => part.environment)) as Environment;
    // What lives for minutes has no lost event to look for.
    const idle = ephemeral ? { RECONCILE_EVERY_MINUTES: '0' } : {};
    const web = await webEnvironment(given, folder);
    const environment = onlySet({ ...idle, ...given, ...added, ...web });
    const uiUrl = results[0].status === 'fulfilled' ? results[0].value.uiUrl : null;
    await options.migrateApplication?.(environment);
    report('Starting worker, starter and web process …');
    const mains = await startMains({ ...onlySet(machine), ...environment }, context);
    const failed = Promise.race([...mains, ...parts].flatMap((one) => one.failed ?? []));
    // Whoever does not look at it must not be ended by it.
    failed.catch(() => undefined);
    const known = Object.entries(environment).filter(
      ([name]) => added[name] !== undefined || web[name] !== undefined || !isSecret(name),
    );
    writeStackFile(folder.root, { environment: Object.fromEntries(known), uiUrl });
    stops.push(() => removeStackFile(folder.root));
    const ownsObjects = added['S3_ENDPOINT'] !== undefined;
    const webUrl = webUrlOf(environment);
    return { environment, uiUrl, webUrl, folder, ownsObjects, failed, stop };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Given by the operator, these are not written down: other commands must be given them too. What
 * makes no sense without its secret is not either.
 */
function isSecret(name: string): boolean {
  if (name === 'AWS_REGION') return false;
  return /^(DATABASE_URL|TEMPORAL_API_KEY|WEB_JWT_SECRET|WEBHOOK_(PORT|TOKEN|SECRET)|NOTIFY_(URL|SECRET)|(AWS|GOOGLE)_.*)$/.test(
    name,
  );
}

async function startMains(
  environment: Record<string, string>,
  { folder, stops, signal }: PartContext,
): Promise<RunningMain[]> {
  const started = await Promise.allSettled(
    (['worker', 'starter', 'web'] as const).map((name) => {
      const onSpawn = (pid: number) => recordProcess(folder.root, name, pid);
      const logFile = join(folder.logs, `${name}.log`);
      const own = name === 'starter' ? besideTheWorker(environment) : environment;
      return startMain(name, own, logFile, { onSpawn, signal });
    }),
  );
  const mains = started.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  for (const main of mains) {
    stops.push(async () => {
      await main.stop();
      forgetProcess(folder.root, main.pid);
    });
  }
  for (const result of started) if (result.status === 'rejected') throw result.reason;
  return mains;
}

/** Two processes of one machine cannot show their metrics on one port. */
function besideTheWorker(environment: Record<string, string>): Record<string, string> {
  const port = environment['METRICS_PORT'];
  return port === undefined
    ? environment
    : { ...environment, METRICS_PORT: String(Number(port) + 1) };
}

function onlySet(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
    ),
  );
}
