/** `npm run pictures`: the pictures of the documentation, from real runs, through Chromium. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const { code, stdout, stderr } = await runCommand('npm', ['run', '-s', 'demo'], {
  environment: { FORCE_COLOR: '1' },
});
if (code !== 0) throw new Error(`The demo failed:\n${stderr}`);

const browser = await launchChromium();
try {
  const page = await browser.newPage({ deviceScaleFactor: 1.5 });
  await page.setContent(pageOf(`$ npm run demo\n${stdout}`));
  const picture = await page.locator('pre').screenshot();
  writeFileSync(join(ROOT, 'docs', 'demo.png'), picture);
  await takeWebUiPictures(browser);
  await takeTracePicture(browser);
  await takeReportPictures(browser);
  await takePagePictures();
} finally {
  await browser.close();
  await stopServices();
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
