import { compareSequencers } from './compare-sequencers.ts';

/** What is known about when a version of an object was made. */
export interface VersionOrder {
  sequencer: string | null;
  /** When the store says it was last modified; null where it was gone before anybody asked. */
  objectModifiedAtMs: number | null;
}

/**
 * Negative where `a` is the older version of the same key, positive where it is the newer; null where
 * nothing is known. Sequencers decide; where one is missing, the store's clock does, whose seconds
 * leave two versions of the same second in no order.
 */
export function compareVersions(a: VersionOrder, b: VersionOrder): number | null {
  const bySequencer = compareSequencers(a.sequencer, b.sequencer);
  if (bySequencer !== null && bySequencer !== 0) return bySequencer;
  const [left, right] = [a.objectModifiedAtMs, b.objectModifiedAtMs];
  if (left === null || right === null || left === right) return null;
  return left < right ? -1 : 1;
}
