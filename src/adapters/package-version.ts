import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Folder of an installed package, whatever its `exports` hide. */
export function packageFolder(name: string): string {
  let folder = dirname(require.resolve(name));
  while (manifestName(folder) !== name) {
    if (folder === dirname(folder)) throw new Error(`the package ${name} has no package.json`);
    folder = dirname(folder);
  }
  return folder;
}

/** `name@version` as installed: engines and their versions are part of an analysis's key. */
export function packageVersion(name: string): string {
  const manifest: unknown = JSON.parse(
    readFileSync(join(packageFolder(name), 'package.json'), 'utf8'),
  );
  const { version } = manifest as { version: string };
  return `${name}@${version}`;
}

function manifestName(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return (manifest as { name?: string }).name;
  } catch {
    return undefined;
  }
}
