/** A comparison as text; recordings are named by scoring id, or by line of the file, never by key. */
import type { Unscored } from '../adapters/postgres-original-output.ts';
import type { Comparison, FigureComparison } from './compare-figures.ts';
import { SHORT_ID } from './short-id.ts';

export interface ComparedOutputs {
  /** Of the file. */
  lines: number;
  /** Keys that were given more than once; the last line counts. */
  repeated: number;
  malformed: { count: number; lines: { line: number; why: string }[] };
  comparison: Comparison;
  /** In the file, without a score here. */
  unscored: Unscored[];
  /** Scored here, not in the file. */
  onlyHere: { count: number; scoringIds: string[] };
}

export function describeComparison(compared: ComparedOutputs): string {
  const { lines, repeated, malformed, comparison, unscored, onlyHere } = compared;
  const { figures, mispronouncedWords: words } = comparison;
  const again =
    repeated === 0 ? '' : `, ${repeated} replaced by a later line of the same recording`;
  const parts = [
    `${comparison.pairs} recordings compared; ${lines} lines read${again}, ${malformed.count} skipped.`,
    tableOf(
      [
        'figure',
        'n',
        'correlation',
        'original',
        'here',
        'difference',
        'only original',
        'only here',
      ],
      figures.map((one) => [
        one.figure,
        String(one.n),
        ...[one.correlation, one.meanOriginal, one.meanOurs].map((value) => shown(value)),
        shown(one.meanDifference, true),
        String(one.onlyOriginal),
        String(one.onlyOurs),
      ]),
    ),
    `Mispronounced words: the same in ${words.same} of ${words.n}, overlap ${shown(words.meanOverlap)}.`,
  ];
  const differing = figures.filter(({ largest }) => largest.length > 0);
  if (differing.length > 0) {
    const rows = differing.flatMap(({ figure, largest }) => largest.map(moverOf(figure)));
    const head = ['figure', 'scoring', 'original', 'here', 'difference'];
    parts.push(`Largest differences:\n\n${tableOf(head, rows)}`);
  }
  const missing = missingOf(unscored, onlyHere);
  if (missing !== '') parts.push(missing);
  return parts.join('\n\n');
}

function moverOf(figure: string) {
  return (one: FigureComparison['largest'][number]) => [
    figure,
    one.scoringId.slice(0, SHORT_ID),
    shown(one.original),
    shown(one.ours),
    shown(one.difference, true),
  ];
}

function missingOf(unscored: readonly Unscored[], onlyHere: ComparedOutputs['onlyHere']): string {
  const lines = unscored.map(({ status, code, count, lines: some }) => {
    const more = count > some.length ? ', …' : '';
    return `  ${count}  ${WHY[status]}${code === null ? '' : ` · ${code}`}: line ${some.join(', ')}${more}`;
  });
  if (lines.length > 0) lines.unshift('In the file, without a score here:');
  if (onlyHere.count > 0) {
    const ids = onlyHere.scoringIds.map((id) => id.slice(0, SHORT_ID));
    const more = onlyHere.count > ids.length ? ', …' : '';
    lines.push('Scored here, not in the file:', `  ${onlyHere.count}  ${ids.join(', ')}${more}`);
  }
  return lines.join('\n');
}

const WHY: Record<Unscored['status'], string> = {
  completed: 'scored at another time',
  failed: 'failed',
  superseded: 'superseded',
  unknown: 'not known',
};

/** Three decimals are more than any of these figures is good for. */
function shown(value: number | null, signed = false): string {
  if (value === null) return '–';
  const text = value.toFixed(3);
  return signed && value >= 0 ? `+${text}` : text;
}

function tableOf(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
