import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface ThreadModule {
  filename: string;
  execArgv?: string[];
}

/**
 * Options for a worker thread that runs the module `name` (without extension) beside `caller`, an
 * `import.meta.url`: the compiled file, or the source. Threads do not inherit the loader that makes
 * Node 20 read TypeScript (`--import tsx` works in the main thread only), so it is registered anew.
 */
export function threadModule(name: string, caller: string): ThreadModule {
  const isSource = caller.endsWith('.ts');
  const filename = fileURLToPath(new URL(`./${name}${isSource ? '.ts' : '.js'}`, caller));
  if (!isSource) return { filename };
  // By path: a caller that was itself loaded through `require` would resolve tsx's CommonJS form,
  // which cannot register a loader for modules.
  const tsx = pathToFileURL(createRequire(caller).resolve('tsx/package.json'));
  const loader = JSON.stringify(new URL('./dist/esm/api/index.mjs', tsx).href);
  const register = `import { register } from ${loader}; register();`;
  return {
    filename,
    execArgv: ['--import', `data:text/javascript,${encodeURIComponent(register)}`],
  };
}
