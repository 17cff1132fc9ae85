/** A point in time as an operator writes it: a date, a time, or how long ago. */
import { UsageError } from './exit-codes.ts';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** For the help of every option that takes one. */
export const WHEN_HELP =
  'Times are 2026-11-01, 2026-11-01T08:00 (UTC, whatever the time zone here; or with +09:00), or 30m, 12h, 2d, 1w ago.';

const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * `2026-05-01`, `2026-05-01T08:00`, `2026-05-01T08:00+09:00`, `90m`, `24h`, `7d`, `2w` (ago), as
 * milliseconds since 1970. Without a zone it is UTC, as everything that commands print.
 */
export function parseWhen(option: string, text: string, nowMs: number): number {
  const span = /^(\d{1,6})([mhdw])$/.exec(text);
  if (span !== null) return nowMs - Number(span[1]) * UNIT_MS[span[2] as keyof typeof UNIT_MS];
  const [, date = '', time = '00:00', zone = 'Z'] = ISO.exec(text) ?? [];
  const atMs = isDate(date) ? Date.parse(`${date}T${time}${zone}`) : NaN;
  if (Number.isNaN(atMs)) {
    throw new UsageError(
      `${option} "${text}" is no time. Examples: 2026-05-01, 2026-05-01T08:00 (UTC), 24h, 7d (ago)`,
    );
  }
  // Nothing has happened since then; until then is as good as no end.
  if (option === '--since' && atMs > nowMs)
    throw new UsageError(`${option} ${text} lies in the future.`);
  return atMs;
}

/** JavaScript reads 30 February as 2 March. */
function isDate(text: string): boolean {
  const atMs = Date.parse(`${text}T00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}

/** `--since` and `--until` as ISO 8601, those that were given. */
export function parseWindow(
  { since, until }: { since?: string | undefined; until?: string | undefined },
  nowMs: number,
): { since?: string; until?: string } {
  const window: { since?: string; until?: string } = {};
  if (since !== undefined)
    window.since = new Date(parseWhen('--since', since, nowMs)).toISOString();
  if (until !== undefined)
    window.until = new Date(parseWhen('--until', until, nowMs)).toISOString();
  if (window.since !== undefined && window.until !== undefined && window.since >= window.until) {
    throw new UsageError('--since is not before --until: nothing can match.');
  }
  return window;
}
