import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Pages of the documentation, as paths below the root. */
const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'));

/** Pictures that a page shows, as paths below the root. */
function shownBy(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const shown = [...text.matchAll(/!\[[^\]]+\]\(([^)\s]+)\)|<img src="([^"]+)" [^>]*alt="[^"]+"/g)];
  return shown.map(([, markdown, html]) => posix.join(posix.dirname(page), markdown ?? html ?? ''));
}

describe('the pictures of the docs', () => {
  it('are each shown by a page, with words for who cannot see them, and none is missing', () => {
    const taken = [
      'docs/demo.png',
      ...readdirSync(join(ROOT, 'docs', 'pictures')).map((name) => `docs/pictures/${name}`),
    ];
    const shown = pages.flatMap(shownBy).filter((path) => path.endsWith('.png'));
    assert.deepEqual([...new Set(shown)].sort(), taken.sort());
  });

  it('stand in the README after the first one and the two commands', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const order = ['docs/pictures/report-top.png', 'npm ci && npm run demo', '## Sixty seconds'];
    const at = order.map((text) => readme.indexOf(text));
    assert.deepEqual(
      at.toSorted((a, b) => a - b),
      at,
    );
    const between = readme.slice(at[0], at[2]);
    assert.equal(between.match(/!\[|<img /g), null, 'nothing stands between picture and commands');
  });
});
