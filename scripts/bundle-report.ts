/** Part of `npm run build`: the report page's own code and styles, for the compiled application. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { BROWSER_FILES, bundleBrowserFiles } from '../src/report/browser-files.ts';

const { script, style } = bundleBrowserFiles();
const folder = new URL('../dist/report/', import.meta.url);
mkdirSync(new URL('browser/', folder), { recursive: true });
writeFileSync(new URL(BROWSER_FILES.script, folder), script);
writeFileSync(new URL(BROWSER_FILES.style, folder), style);
