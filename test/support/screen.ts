/** A terminal of so many columns, as far as our progress uses one: wraps, and knows the cursor. */
export interface Screen {
  output: NodeJS.WriteStream;
  /** What stands on it, without the empty rows below. */
  rows: () => string[];
}

// eslint-disable-next-line no-control-regex -- what a terminal is told begins with an escape
const PIECES = /\u001b\[(\d*(?:;\d+)*)([A-Za-z])|[\s\S]/gu;

export function screen(columns: number): Screen {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  const put = (character: string) => {
    if (column === columns) [row, column] = [row + 1, 0];
    lines[row] = (lines[row] ?? '').slice(0, column).padEnd(column) + character;
    column += 1;
  };
  const tell = (command: string, amount: number) => {
    if (command === 'A') row = Math.max(0, row - amount);
    if (command === 'K') lines[row] = '';
  };
  const write = (text: string) => {
    for (const [piece, amount = '', command] of text.matchAll(PIECES)) {
      if (command !== undefined) tell(command, Number(amount || '1'));
      else if (piece === '\n') [row, column] = [row + 1, 0];
      else if (piece === '\r') column = 0;
      else put(piece);
    }
    return true;
  };
  const output = { isTTY: true, columns, write } as unknown as NodeJS.WriteStream;
  return { output, rows: () => lines.filter(Boolean) };
}
