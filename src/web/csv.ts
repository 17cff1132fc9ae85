/** Tables for spreadsheets: RFC 4180, and no cell that a spreadsheet would compute. */

/** Spreadsheets take the rest for a formula, also after what they skip. */
const BEGINS_FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** Excel takes a file without it for one in the machine's own character set. */
export const BYTE_ORDER_MARK = '\ufeff';

/** Numbers are ours and stay numbers; null is an empty cell. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = BEGINS_FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
