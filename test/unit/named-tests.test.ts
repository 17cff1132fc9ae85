import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, ROOT), 'utf8');
const PAGES = ['docs/step-functions.md', 'docs/change-a-workflow.md'];

/** A file, and the titles in quotes that follow it. */
const NAMED = /`(test\/[\w./-]+\.ts)`((?:,? "[^"]+")*)/g;

/** The last cells of all tables that end with "shown by". */
function shownBy(page: string): string[] {
  const cells: string[] = [];
  let inTable = false;
  for (const line of page.split('\n')) {
    if (!line.startsWith('|')) inTable = false;
    const cell = line.split('|').at(-2)?.trim() ?? '';
    if (inTable && !/^-+$/.test(cell)) cells.push(cell);
    if (line.startsWith('|') && cell === 'shown by') inTable = true;
  }
  return cells;
}

function titlesIn(file: string): Set<string> {
  const titles = /\b(?:it|describe)\(\s*(['"`])((?:\\.|(?!\1).)+)\1/g;
  return new Set([...read(file).matchAll(titles)].map(([, , title = '']) => title));
}

/** What is wrong with a cell: no file, a file without a title, a title that the file lacks. */
function problemsOf(cell: string): string[] {
  const named = [...cell.matchAll(NAMED)];
  if (named.length === 0) return [`names no test: ${cell}`];
  return named.flatMap(([, file = '', list = '']) => {
    const titles = [...list.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
    if (titles.length === 0) return [`${file}: no title`];
    let known: Set<string>;
    try {
      known = titlesIn(file);
    } catch {
      return [`${file}: no such file`];
    }
    return titles.filter((title) => !known.has(title)).map((title) => `${file}: no "${title}"`);
  });
}

describe('the tests that documents name', () => {
  for (const page of PAGES) {
    it(`exist, with their titles: ${page}`, () => {
      const cells = shownBy(read(page));
      assert.ok(cells.length >= 5, `${cells.length} rows`);
      assert.deepEqual(cells.flatMap(problemsOf), []);
    });
  }

  it('are missed where file or title is wrong', () => {
    const file = 'test/unit/named-tests.test.ts';
    assert.deepEqual(problemsOf(`\`${file}\` "are missed where file or title is wrong"`), []);
    assert.deepEqual(problemsOf(`\`${file}\` "of another title"`), [
      `${file}: no "of another title"`,
    ]);
    assert.deepEqual(problemsOf(`\`${file}\``), [`${file}: no title`]);
    assert.deepEqual(problemsOf('`test/unit/none.test.ts` "x"'), [
      'test/unit/none.test.ts: no such file',
    ]);
    assert.deepEqual(problemsOf('by trust'), ['names no test: by trust']);
  });
});
