import assert from 'node:assert/strict';
import { csvLine } from '../../src/web/csv.ts';

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
