/** S3's sequencers, which order the events of one key. Source: S3 user guide, "Event message structure". */

/** Longer than any that S3 sends, so that equal ones are stored as equal texts. */
const STORED_DIGITS = 32;
const HEX = /^[0-9a-f]+$/;

/**
 * Negative where `a` came before `b`, positive where after, 0 where they are the same; null where one
 * is missing or no hex number, so that nothing is known. Only for events of the same key.
 */
export function compareSequencers(a: string | null, b: string | null): number | null {
  const width = Math.max(a?.length ?? 0, b?.length ?? 0);
  const [left, right] = [paddedTo(width, a), paddedTo(width, b)];
  if (left === null || right === null) return null;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** As it is stored: in lower case, zeros on the right; null where it orders nothing. */
export function storedSequencer(sequencer: string | null): string | null {
  return paddedTo(STORED_DIGITS, sequencer);
}

function paddedTo(width: number, sequencer: string | null): string | null {
  const digits = sequencer?.toLowerCase() ?? '';
  return HEX.test(digits) ? digits.padEnd(width, '0') : null;
}
