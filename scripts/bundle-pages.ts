/** Part of `npm run build`: code and styles of the pages, for the compiled application. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { BROWSER_FILES, bundleBrowserFile, isBrowserFile } from '../src/web/browser-files.ts';

const folder = new URL('../dist/web/browser/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of Object.keys(BROWSER_FILES).filter(isBrowserFile)) {
  writeFileSync(new URL(name, folder), bundleBrowserFile(name));
}
