/** Code and styles of the pages: as `npm run build` left them, or bundled from source. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { bundleForBrowser } from '../report/bundle-for-browser.ts';

/** What is served, and what it is made from. */
export const BROWSER_FILES = {
  'practice.js': 'practice.ts',
  'teacher.js': 'teacher.ts',
  'recorder.js': 'recorder-worklet.ts',
  'pages.css': 'pages.css',
} as const;

export type BrowserFile = keyof typeof BROWSER_FILES;

const read = new Map<BrowserFile, string>();

/** Read once; the same for every page of this process. */
export function browserFile(name: BrowserFile): string {
  const known = read.get(name);
  if (known !== undefined) return known;
  const text = import.meta.url.endsWith('.ts')
    ? bundleBrowserFile(name)
    : readFileSync(new URL(`browser/${name}`, import.meta.url), 'utf8');
  read.set(name, text);
  return text;
}

export function bundleBrowserFile(name: BrowserFile): string {
  return bundleForBrowser(new URL(`browser/${BROWSER_FILES[name]}`, import.meta.url));
}

/** Changes with the content, so that no browser keeps what is old. */
export function addressOfFile(name: BrowserFile): string {
  const version = createHash('sha256').update(browserFile(name)).digest('base64url').slice(0, 12);
  return `/assets/${name}?v=${version}`;
}

export function isBrowserFile(name: string): name is BrowserFile {
  return Object.hasOwn(BROWSER_FILES, name);
}
