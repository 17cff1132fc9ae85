/** What of a process environment reaches the local stack. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { variables, type Environment } from '../config.ts';

/** Every variable of the configuration that is set, and what the clouds' own clients read. */
export function givenConfiguration(environment: Environment): Record<string, string> {
  return pick(environment, (name) => name in variables || /^(AWS|GOOGLE)_/.test(name));
}

const MACHINE = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TZ',
  'XDG_CACHE_HOME',
  'TEMPORAL_CLI_PATH',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
];

/** What the processes need of this machine to find programs, certificates and the network. */
export function machineEnvironment(environment: Environment): Record<string, string> {
  return pick(
    environment,
    (name) => MACHINE.includes(name) || /^(https?|no|all)_proxy$|^PIP_/i.test(name),
  );
}

/** Downloaded programs are kept here, for all projects of this user. */
export function cacheFolder(environment: Environment): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'elocute');
}

function pick(
  environment: Environment,
  isWanted: (name: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => Boolean(entry[1]) && isWanted(entry[0]),
    ),
  );
}
