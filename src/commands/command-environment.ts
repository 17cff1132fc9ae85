/** Where a command finds its addresses: the environment first, then a local stack that runs. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config, type Environment } from '../config.ts';
import { readStackFile, type StackAddresses } from '../local/stack-file.ts';

export const DEFAULT_DATA_FOLDER = '.elocute';

const NO_STACK: StackAddresses = { environment: {}, uiUrl: null };

export interface CommandEnvironment {
  config: Config;
  /** Address of the Web UI, where a local stack runs. */
  uiUrl: string | null;
}

export function commandEnvironment(dataFolder: string): CommandEnvironment {
  const stack = readStackFile(dataFolder) ?? NO_STACK;
  // The AWS client reads its credentials from the environment itself.
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    const value = stack.environment[name];
    if (value !== undefined) process.env[name] ??= value;
  }
  const environment: Environment = { ...stack.environment, ...process.env };
  return { config: loadConfig(environment), uiUrl: stack.uiUrl };
}

/** Downloaded programs are kept here, for all projects of this user. */
export function cacheFolder(environment: Environment): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'elocute');
}

/** The page of a workflow in the Web UI. */
export function workflowPage(uiUrl: string, workflowId: string): string {
  return `${uiUrl}/namespaces/default/workflows/${workflowId}`;
}
