/** A point in time as an operator writes it: a date, a time, or how long ago. */
import { UsageError } from './exit-codes.ts';

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `2026-05-01`, `2026-05-01T08:00Z`, `90m`, `24h`, `7d`, `2w` (ago); returns ISO 8601. */
export function parseWhen(option: string, text: string, nowMs = Date.now()): string {
  const [, amount = '', unit = ''] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  const ms = amount === '' ? Date.parse(text) : nowMs - Number(amount) * (UNIT_MS[unit] ?? 0);
  if ((amount !== '' || /^\d{4}-\d{2}-\d{2}/.test(text)) && !Number.isNaN(ms)) {
    return new Date(ms).toISOString();
  }
  throw new UsageError(
    `${option} "${text}" is no time. Examples: 2026-05-01, 2026-05-01T08:00Z, 24h, 7d (ago)`,
  );
}
