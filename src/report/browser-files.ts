/** The page's own code and styles: as `npm run build` left them, or bundled from source. */
import { readFileSync } from 'node:fs';
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
  const bundle = (name: string) => bundleForBrowser(new URL(name, import.meta.url));
  return { script: bundle('browser/report.ts'), style: bundle('browser/report.css') };
}
