/** How a running stack tells other commands where it is: a file in its data folder. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StackAddresses {
  environment: Record<string, string>;
  uiUrl: string | null;
}

/** Null where no stack runs in the folder. */
export function readStackFile(dataFolder: string): StackAddresses | null {
  const file = fileIn(dataFolder);
  if (!existsSync(file)) return null;
  return JSON.parse(readFileSync(file, 'utf8')) as StackAddresses;
}

/** Passwords stand in it: readable by its owner only. */
export function writeStackFile(dataFolder: string, addresses: StackAddresses): void {
  writeFileSync(fileIn(dataFolder), JSON.stringify(addresses, null, 2), { mode: 0o600 });
}

export function removeStackFile(dataFolder: string): void {
  rmSync(fileIn(dataFolder), { force: true });
}

function fileIn(dataFolder: string): string {
  return join(dataFolder, 'stack.json');
}
