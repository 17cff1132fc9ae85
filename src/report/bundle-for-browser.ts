/** Code and styles for browsers, from source, by esbuild, which is there only where Elocute is developed. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as esbuild from 'esbuild';

/** `banner` stands before the code. */
export function bundleForBrowser(entry: URL, banner?: string): string {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof esbuild;
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
    ...(banner === undefined ? {} : { banner: { js: banner } }),
    charset: 'utf8',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text.trimEnd() ?? '';
}
