import { diceOf } from './dice.ts';
import { kindOf, uploadKinds, type KeyShape, type UploadKindName } from './upload-kinds.ts';

export interface PlannedPut {
  action: 'put';
  /** After the step before was acknowledged. */
  afterMs: number;
  kind: UploadKindName;
  /** Which of the example recordings, from 0. */
  recording: number;
  /** Makes the content its own where the kind asks for it. */
  variant: number;
}

export interface PlannedDeletion {
  action: 'delete';
  afterMs: number;
}

/** Everything that happens to one key, in order. */
export interface PlannedKey {
  atMs: number;
  user: number;
  keyShape: KeyShape;
  recording: number;
  /** The application makes a row for every put, and waits for its score there. */
  expected: boolean;
  steps: (PlannedPut | PlannedDeletion)[];
}

export interface UploadPlanOptions {
  seed: number;
  uploads: number;
  durationMs: number;
  recordings: number;
  /** Nothing hostile, nothing replaced, nobody waits: to look for one fault. Default: false. */
  goodOnly?: boolean;
}

/** Of all uploads: followed by another of the same key, or by its deletion. */
const REPLACED_SHARE = 0.07;
const DELETED_SHARE = 0.03;
/** Soon enough to meet the scoring of the first while it waits, reads or computes. */
const FOLLOWS_WITHIN_MS = 2500;
const EXPECTED_SHARE = 0.5;
const FIRST_USER = 100_000;

/** The same uploads for the same seed; `uploads` counts puts. */
export function planUploads(options: UploadPlanOptions): PlannedKey[] {
  const { seed, uploads, durationMs, recordings, goodOnly = false } = options;
  const dice = diceOf(seed, 'uploads');
  const replacements = goodOnly ? 0 : Math.ceil(uploads * REPLACED_SHARE);
  const deletions = goodOnly ? 0 : Math.ceil(uploads * DELETED_SHARE);
  const kinds = dice.shuffled(
    kindsFor(uploads - 2 * replacements - deletions, goodOnly).map((kind): Fate => ({ kind })),
  );
  const fates = dice.shuffled<Fate>([
    ...kinds,
    ...Array.from({ length: replacements }, (): Fate => ({ kind: 'fresh', then: 'replaced' })),
    ...Array.from({ length: deletions }, (): Fate => ({ kind: 'fresh', then: 'deleted' })),
  ]);
  return fates.map(({ kind, then }, index) => {
    const atMs = Math.round(((index + dice.between(0, 1)) / fates.length) * durationMs);
    const recording = dice.whole(0, recordings - 1);
    const put = (name: UploadKindName, afterMs: number): PlannedPut => ({
      action: 'put',
      afterMs,
      kind: name,
      recording,
      variant: dice.whole(1, 2 ** 30),
    });
    const follows = () => Math.round(dice.between(0, FOLLOWS_WITHIN_MS));
    const steps: PlannedKey['steps'] = [put(kind, 0)];
    if (then === 'replaced') steps.push(put('fresh', follows()));
    if (then === 'deleted') steps.push({ action: 'delete', afterMs: follows() });
    const keyShape = kindOf(kind).key;
    // A row for what is no recording would wait for ever.
    const scored = kindOf(kind).expected.status !== 'unscored';
    const expected = scored && !goodOnly && dice.chance(EXPECTED_SHARE);
    return { atMs, user: FIRST_USER + index, keyShape, recording, expected, steps };
  });
}

interface Fate {
  kind: UploadKindName;
  then?: 'replaced' | 'deleted';
}

/** So many of each as its share says, at least one where there is room for all. */
function kindsFor(count: number, goodOnly: boolean): UploadKindName[] {
  const names = Object.keys(uploadKinds) as UploadKindName[];
  if (goodOnly) {
    return Array.from({ length: count }, (_, index) => (index % 3 === 0 ? 'fresh' : 'good'));
  }
  const others = names.slice(1).flatMap((name) => {
    const many = Math.max(1, Math.round(count * kindOf(name).share));
    return Array.from({ length: many }, () => name);
  });
  const left = Math.max(0, count - others.length);
  return [...Array.from({ length: left }, (): UploadKindName => 'good'), ...others].slice(0, count);
}

/** The key in the user bucket; `lesson` is `{contentType}/level_{n}/{Title}/audio_line_{n}.wav`. */
export function keyOf({ user, keyShape }: PlannedKey, lesson: string, root: string): string {
  const [contentType = '', level = '', title = '', file = ''] = lesson.split('/');
  switch (keyShape) {
    case 'lesson line':
      return `${root}/${user}/${lesson}`;
    case 'no such lesson':
      return `${root}/${user}/${contentType}/${level}/발음_100%_+_“quoted”_😀/${file}`;
    case 'malformed':
      return `${root}/${user}/${contentType}/level-one/${title}/${file}`;
    case 'folder':
      return `${root}/${user}/${contentType}/`;
    case 'other suffix':
      return `${root}/${user}/${lesson.replace(/\.wav$/, '.txt')}`;
  }
}
