/** The lines of a file of any size, one at a time: a longer line than allowed comes as null. */
import { createReadStream } from 'node:fs';

export interface NumberedLine {
  /** From 1. */
  number: number;
  text: string | null;
}

export async function* readLines(file: string, mostChars: number): AsyncGenerator<NumberedLine> {
  let number = 1;
  let rest = '';
  let tooLong = false;
  const stream = createReadStream(file, { encoding: 'utf8' }) as AsyncIterable<string>;
  for await (const chunk of stream) {
    const parts = chunk.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      const text = rest + part;
      yield { number, text: tooLong || text.length > mostChars ? null : text };
      number += 1;
      rest = '';
      tooLong = false;
    }
    // What is thrown away is not kept, so that a file without any line break takes no memory.
    tooLong ||= rest.length + last.length > mostChars;
    rest = tooLong ? '' : rest + last;
  }
  if (tooLong || rest !== '') yield { number, text: tooLong ? null : rest };
}
