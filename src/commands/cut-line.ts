/** Lines that are redrawn must not wrap: the cursor goes up by rows, not by lines. */

// eslint-disable-next-line no-control-regex -- the escape that begins a colour
const PIECES = /\u001b\[[0-9;]*m|./gsu;
/** Hangul, kana, ideographs and full-width forms take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const RESET = '\u001b[0m';

/** The line where it fits into `columns`; else its beginning, which ends with `…`. Colours take no room. */
export function cutLine(line: string, columns: number | undefined): string {
  // The last column stays free: some terminals wrap as soon as it is written.
  const room = (columns ?? Infinity) - 1;
  let width = 0;
  let kept = '';
  let shortened = '';
  let isColoured = false;
  for (const [piece] of line.matchAll(PIECES)) {
    if (piece.startsWith('\u001b')) isColoured = true;
    else width += WIDE.test(piece) ? 2 : 1;
    if (width > room) return `${shortened}…${isColoured ? RESET : ''}`;
    kept += piece;
    if (width < room) shortened = kept;
  }
  return line;
}
