import { fileURLToPath } from 'node:url';

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
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const register = `import { register } from ${loader}; register();`;
  return {
    filename,
    execArgv: ['--import', `data:text/javascript,${encodeURIComponent(register)}`],
  };
}
