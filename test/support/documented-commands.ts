/** Commands that a document shows with what they print, compared with what they print now. */
import assert from 'node:assert/strict';

export interface DocumentedCommand {
  /** As it is written behind `$ elocute`. */
  line: string;
  args: string[];
  /** A line `…` stands for any lines. */
  output: string[];
}

export function documentedCommands(markdown: string): DocumentedCommand[] {
  const blocks = [...markdown.matchAll(/^```console\n([^]*?)^```$/gm)].map(
    ([, block = '']) => block,
  );
  return blocks.flatMap((block) =>
    block
      .split(/^\$ elocute /m)
      .slice(1)
      .map((shown) => {
        const [line = '', ...output] = shown.split('\n');
        const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)];
        const args = words.map(([, quoted, word]) => quoted ?? word ?? '');
        return { line, args, output: linesOf(output.join('\n')) };
      }),
  );
}

const ID = /\b[0-9a-f]{12}\b/g;
const ANY = '…';

/** Pairs the ids of the document with those of this run, by where they stand. */
export function documentedIds() {
  const mineOf = new Map<string, string>();
  return {
    /** An id of the document as that of this run; anything else as it is. */
    mine: (word: string) => word.replaceAll(ID, (id) => mineOf.get(id) ?? id),
    /** @throws AssertionError where a line differs in more than ids, times and places */
    learn(command: string, documented: readonly string[], printed: string): void {
      const lines = linesOf(printed);
      let at = 0;
      let anything = false;
      for (const line of documented) {
        if (line === ANY) {
          anything = true;
          continue;
        }
        while (anything && at < lines.length && masked(lines[at] ?? '') !== masked(line)) at += 1;
        anything = false;
        const found = lines[at] ?? '';
        assert.equal(masked(found), masked(line), `elocute ${command}`);
        const ids = found.match(ID) ?? [];
        (line.match(ID) ?? []).forEach((id, index) => mineOf.set(id, ids[index] ?? id));
        at += 1;
      }
      if (!anything) assert.deepEqual(lines.slice(at), [], `elocute ${command} prints more`);
    },
  };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** What differs from day to day and from machine to machine. */
function masked(line: string): string {
  return line
    .replace(/^([✓✗] [^:]+):.*$/, '$1')
    .replaceAll(/\b[0-9a-f]{12,64}\b/g, 'ID')
    .replaceAll(/\bm-[0-9a-f]{8}\b/g, 'MODEL')
    .replaceAll(/\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?/g, 'TIME')
    .replace(/(TIME by) \S+/, '$1 SOMEBODY')
    .replaceAll(/formula \d+/g, 'formula N')
    .replaceAll(/[ ─]+/g, ' ')
    .trim();
}
