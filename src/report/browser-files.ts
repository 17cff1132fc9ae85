/** The page's own code and styles: as `npm run build` left them, or bundled from source. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { bundleForBrowser } from './bundle-for-browser.ts';

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

export function bundleBrowserFiles(): BrowserFiles {
  const library = createRequire(import.meta.url).resolve('wavesurfer.js');
  const licence = new URL('../LICENSE', pathToFileURL(library));
  // The waveform library's licence asks for its notice in every copy.
  const notice = `/*!\nwavesurfer.js\n\n${readFileSync(licence, 'utf8').trim()}\n*/`;
  const bundle = (name: string, banner?: string) =>
    bundleForBrowser(new URL(name, import.meta.url), banner);
  return { script: bundle('browser/report.ts', notice), style: bundle('browser/report.css') };
}
