/** Colours of one stream: where it is a terminal, unless NO_COLOR says no, or FORCE_COLOR yes. */
import type { TableConstructorOptions } from 'cli-table3';
import pc from 'picocolors';

/** picocolors looks at standard output alone, and colours whatever runs in CI. */
export function coloursOf({ isTTY }: Pick<NodeJS.WriteStream, 'isTTY'>) {
  return pc.createColors(isColoured(isTTY, process.env));
}

export type Colours = ReturnType<typeof coloursOf>;

/** An empty variable is as good as none (no-color.org); FORCE_COLOR=0 says no. */
export function isColoured(isTTY: boolean | undefined, environment: NodeJS.ProcessEnv): boolean {
  if (environment['NO_COLOR']) return false;
  const force = environment['FORCE_COLOR'];
  if (force) return force !== '0' && force !== 'false';
  return isTTY === true && environment['TERM'] !== 'dumb';
}

/** Of a table on standard output. */
export function tableStyle(): NonNullable<TableConstructorOptions['style']> {
  const { isColorSupported } = coloursOf(process.stdout);
  return { head: isColorSupported ? ['bold'] : [], border: isColorSupported ? ['dim'] : [] };
}
