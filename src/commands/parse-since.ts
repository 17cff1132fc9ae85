import { UsageError } from './exit-codes.ts';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `2d`, `12h`, `30m`, `1w`, `2026-11-01` or a full ISO time (UTC where it names no zone), as a look back. */
export function parseSince(text: string, nowMs: number, option = '--since'): number {
  const span = /^(\d{1,6})([mhdw])$/.exec(text);
  if (span !== null) return Number(span[1]) * UNIT_MS[span[2] as keyof typeof UNIT_MS];
  const isDate = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(
    text,
  );
  const zoned = /T.*(Z|[+-]\d{2}:\d{2})$/.test(text) || !text.includes('T') ? text : `${text}Z`;
  const atMs = isDate ? Date.parse(zoned) : NaN;
  if (Number.isNaN(atMs)) {
    throw new UsageError(`${option} ${text} is not understood. Give 2d, 12h, 30m or 2026-11-01.`);
  }
  if (atMs > nowMs) throw new UsageError(`${option} ${text} lies in the future.`);
  return nowMs - atMs;
}
