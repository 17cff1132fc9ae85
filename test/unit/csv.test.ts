import assert from 'node:assert/strict';
import { csvLine } from '../../src/web/csv.ts';
import { scoringTable } from '../../src/web/routes/scoring-table.ts';
import type { ScoringPosition, ScoringReader, ScoringRow } from '../../src/web/web-ports.ts';

describe('a line of a table for spreadsheets', () => {
  it('lets no text begin a formula, whatever a spreadsheet skips first', () => {
    for (const begin of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
      const cell = csvLine([`${begin}HYPERLINK("http://x","y")`]);
      assert.match(cell, /^"?'/, JSON.stringify(begin));
    }
    assert.equal(csvLine(['=1+1']), `'=1+1\r\n`);
  });

  it('keeps quotes, commas and line ends within their cell', () => {
    assert.equal(csvLine(['a "b", c', 'd\ne', 'f']), '"a ""b"", c","d\ne",f\r\n');
  });

  it('leaves numbers numbers, and nothing where there is nothing', () => {
    assert.equal(csvLine([81.2, 0, null, 'text', '']), '81.2,0,,text,\r\n');
  });
});

describe('the table of scorings', () => {
  const row = (index: number): ScoringRow => ({
    ...{ id: String(index).padStart(64, '0'), workflowId: 'w', runId: 'r', userId: '7' },
    object: { bucket: 'b', key: 'k', versionId: null, etag: null },
    lesson: { contentType: 'novel', level: 2, title: 'Told', line: 1 },
    ...{ sentence: null, status: 'failed', attemptKind: null, failureCode: null },
    ...{ failureMessage: null, result: null, applicationRowId: null, attempts: 1 },
    ...{ createdAt: String(index), finishedAt: '' },
  });

  async function linesOf(rows: number, most: number): Promise<string[]> {
    const list = (_filter: object, _of: object, below: ScoringPosition | null, limit: number) => {
      const from = below === null ? 0 : Number(below.value) + 1;
      const count = Math.max(0, Math.min(limit, rows - from));
      return Promise.resolve(Array.from({ length: count }, (_, at) => row(from + at)));
    };
    const reader: ScoringReader = { find: () => Promise.resolve(null), list };
    const { signal } = new AbortController();
    let text = '';
    const everybody = { users: null, lessons: null };
    for await (const part of scoringTable(reader, {}, everybody, signal, most)) text += part;
    return text.trimEnd().split('\r\n');
  }

  it('holds all that match, and says in its last line where it was cut off', async () => {
    assert.equal((await linesOf(1200, 5000)).length, 1 + 1200);
    const exact = await linesOf(1000, 1000);
    assert.equal(exact.length, 1 + 1000);
    const cut = await linesOf(1001, 1000);
    assert.equal(cut.length, 1 + 1000 + 1);
    assert.equal(cut.at(-1), 'cut off: older ones than these 1000 match too');
  });
});
