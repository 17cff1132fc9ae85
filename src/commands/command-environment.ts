/** Where a command finds its addresses: the environment first, then a local stack that runs. */
import type { Client } from '@temporalio/client';
import { openDatabase, type Database } from '../adapters/postgres.ts';
import { connectTemporal, temporalAddressOf } from '../adapters/temporal.ts';
import { databaseUrlOf } from '../adapters/migrated-secrets.ts';
import { loadConfig, type Config, type Environment } from '../config.ts';
import { readStackFile, type StackAddresses } from '../local/stack-file.ts';
import { needing } from './exit-codes.ts';

export const DEFAULT_DATA_FOLDER = '.elocute';

const NO_STACK: StackAddresses = { environment: {}, uiUrl: null };

export interface CommandEnvironment {
  config: Config;
  /** Address of the Web UI, where a local stack runs. */
  uiUrl: string | null;
}

export function commandEnvironment(dataFolder: string): CommandEnvironment {
  const stack = readStackFile(dataFolder) ?? NO_STACK;
  if (!process.env['S3_ENDPOINT'] && stack.environment['AWS_ACCESS_KEY_ID']) {
    // The AWS client reads the environment itself, where keys or a profile of the real AWS would
    // win over those of the local S3.
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('AWS_') && !name.startsWith('AWS_SDK_JS_'))
        Reflect.deleteProperty(process.env, name);
    }
    for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
      process.env[name] = stack.environment[name];
    }
  }
  const environment: Environment = { ...stack.environment, ...process.env };
  return { config: loadConfig(environment), uiUrl: stack.uiUrl };
}

/** The page of a workflow in the Web UI. */
export function workflowPage(uiUrl: string, workflowId: string): string {
  return `${uiUrl}/namespaces/default/workflows/${workflowId}`;
}

const NO_STACK_ADVICE = 'Start `elocute up`, or check the address';

/** Temporal as configured; says where it was looked for when nobody answers. */
export function openTemporal(config: Config): Promise<Client> {
  return needing(
    `Temporal at ${config.TEMPORAL_ADDRESS}`,
    `${NO_STACK_ADVICE} (TEMPORAL_ADDRESS) or the data folder (--data).`,
    () => connectTemporal(temporalAddressOf(config)),
  );
}

/** The database as configured, once it has answered. */
export async function openConfiguredDatabase(config: Config): Promise<Database> {
  const url = await databaseUrlOf(config);
  const { host, pathname } = new URL(url);
  const database = openDatabase({ connectionString: url, poolSize: 1 });
  try {
    await needing(
      `PostgreSQL at ${host}${pathname}`,
      `${NO_STACK_ADVICE} (DATABASE_URL); \`elocute doctor\` looks closer.`,
      () => database.query('select 1'),
    );
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
