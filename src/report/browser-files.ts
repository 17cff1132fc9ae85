/** The page's own code and styles: as `npm run build` left them, or bundled from source. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as esbuild from 'esbuild';

export interface BrowserFiles {
  script: string;
  style: string;
}

export const BROWSER_FILES = { script: 'browser/report.js', style: 'browser/report.css' } as const;

let files: BrowserFiles | undefined;

/** Read once; the same for every page of this process. */
export function browserFiles(): BrowserFiles {
  return (files ??= import.meta.url.endsWith('.ts') ? bundleBrowserFiles() : builtFiles());
}

function builtFiles(): BrowserFiles {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  return { script: read(BROWSER_FILES.script), style: read(BROWSER_FILES.style) };
}

/** From source, by esbuild, which is there only where Elocute is developed. */
export function bundleBrowserFiles(): BrowserFiles {
  const require = createRequire(import.meta.url);
  const { buildSync } = require('esbuild') as typeof esbuild;
  const licence = new URL('../LICENSE', pathToFileURL(require.resolve('wavesurfer.js')));
  const notice = `/*!\nwavesurfer.js\n\n${readFileSync(licence, 'utf8').trim()}\n*/`;
  const bundle = (name: string, banner: Record<string, string> = {}) => {
    const { outputFiles } = buildSync({
      entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
      banner,
      charset: 'utf8',
      logLevel: 'silent',
    });
    return outputFiles[0]?.text.trimEnd() ?? '';
  };
  // The waveform library's licence asks for its notice in every copy.
  return {
    script: bundle('browser/report.ts', { js: notice }),
    style: bundle('browser/report.css'),
  };
}
