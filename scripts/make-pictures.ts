/** `npm run pictures`: the pictures of the documentation, from real runs, through Chromium. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../test/support/chromium.ts';
import { ROOT, runCommand } from '../test/support/run-command.ts';
import { stopServices } from '../test/support/services.ts';
import { takeReportPictures } from './report-pictures.ts';
import { takePagePictures } from './page-pictures.ts';
import { takeTracePicture } from './trace-picture.ts';
import { takeWebUiPictures } from './web-ui-pictures.ts';

/** The few styles that our own output uses. */
const STYLES: Record<string, string> = {
  '1': 'font-weight:bold',
  '2': 'color:#777b7d',
  '31': 'color:#e06c75',
  '32': 'color:#98c379',
  '33': 'color:#e5c07b',
  '36': 'color:#56b6c2',
  '90': 'color:#777b7d',
};

/** What can be named: `npm run pictures -- pages report` takes only these. */
const TAKERS: Record<string, (browser: Browser) => Promise<void>> = {
  demo: takeDemoPicture,
  'web-ui': takeWebUiPictures,
  trace: takeTracePicture,
  report: takeReportPictures,
  pages: () => takePagePictures(),
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in TAKERS));
if (unknown.length > 0) {
  throw new Error(`${unknown.join(', ')}: none of ${Object.keys(TAKERS).join(', ')}`);
}
const browser = await launchChromium();
try {
  for (const [name, take] of Object.entries(TAKERS)) {
    if (named.length === 0 || named.includes(name)) await take(browser);
  }
} finally {
  await browser.close();
  await stopServices();
}

async function takeDemoPicture(browser: Browser): Promise<void> {
  // In the order of a terminal: the table is standard output, all around it standard error.
  const { code, stdout } = await runCommand('sh', ['-c', 'npm run -s demo 2>&1'], {
    environment: { FORCE_COLOR: '1' },
  });
  if (code !== 0) throw new Error(`The demo failed:\n${stdout}`);
  const page = await browser.newPage({ deviceScaleFactor: 1.5 });
  // Where the picture was taken is nobody's folder.
  const shown = stdout.slice(stdout.indexOf('[1/')).replaceAll(ROOT, '/home/you/elocute/');
  await page.setContent(pageOf(`$ npm run demo\n …\n${shown}`));
  await page.locator('pre').screenshot({ path: join(ROOT, 'docs', 'demo.png') });
  await page.close();
}

function pageOf(text: string): string {
  const style =
    'background:#1d1f21;color:#d5d8d6;padding:20px 24px;margin:0;width:max-content;' +
    'font:13px/1.25 "DejaVu Sans Mono",Menlo,Consolas,monospace;border-radius:8px';
  return `<!doctype html><meta charset="utf-8"><pre style="${style}">${htmlOf(text)}</pre>`;
}

/** Terminal colours to spans; everything else is text. */
function htmlOf(text: string): string {
  let open = 0;
  const escaped = text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  // eslint-disable-next-line no-control-regex
  const spans = escaped.replace(/\u001b\[(\d+)m/g, (_, number: string) => {
    const style = STYLES[number];
    if (style !== undefined) {
      open += 1;
      return `<span style="${style}">`;
    }
    if (open === 0) return '';
    open -= 1;
    return '</span>';
  });
  return spans + '</span>'.repeat(open);
}
