/** What is uploaded, and what must become of it. */
export type Expected =
  | { status: 'completed' }
  | { status: 'failed'; code: string }
  /** No scoring: it is no recording of a lesson line. */
  | { status: 'unscored' };

export type Shape =
  | 'as recorded'
  | 'a few samples changed'
  | 'cut off'
  | 'silence'
  | 'garbage'
  | 'another format'
  | 'half a header'
  | 'lying header'
  | 'no bytes'
  | 'too long'
  | 'too large';

export type KeyShape = 'lesson line' | 'no such lesson' | 'malformed' | 'folder' | 'other suffix';

export interface UploadKind {
  shape: Shape;
  key: KeyShape;
  expected: Expected;
  /** Of all uploads; each kind comes once at least. */
  share: number;
}

const failed = (code: string): Expected => ({ status: 'failed', code });
const completed: Expected = { status: 'completed' };
const unscored: Expected = { status: 'unscored' };

/** In the order of their shares; the first takes what is left over. */
export const uploadKinds = {
  good: { shape: 'as recorded', key: 'lesson line', expected: completed, share: 0.5 },
  fresh: { shape: 'a few samples changed', key: 'lesson line', expected: completed, share: 0.22 },
  cutOff: { shape: 'cut off', key: 'lesson line', expected: completed, share: 0.03 },
  silent: { shape: 'silence', key: 'lesson line', expected: completed, share: 0.02 },
  garbage: {
    shape: 'garbage',
    key: 'lesson line',
    expected: failed('AUDIO_UNSUPPORTED'),
    share: 0.02,
  },
  foreign: {
    shape: 'another format',
    key: 'lesson line',
    expected: failed('AUDIO_DAMAGED'),
    share: 0.02,
  },
  halfHeader: {
    shape: 'half a header',
    key: 'lesson line',
    expected: failed('AUDIO_DAMAGED'),
    share: 0.02,
  },
  lyingHeader: {
    shape: 'lying header',
    key: 'lesson line',
    expected: failed('AUDIO_DAMAGED'),
    share: 0.02,
  },
  empty: { shape: 'no bytes', key: 'lesson line', expected: failed('AUDIO_EMPTY'), share: 0.02 },
  tooLong: {
    shape: 'too long',
    key: 'lesson line',
    expected: failed('AUDIO_TOO_LONG'),
    share: 0.02,
  },
  tooLarge: {
    shape: 'too large',
    key: 'lesson line',
    expected: failed('AUDIO_TOO_LARGE'),
    share: 0.01,
  },
  noLesson: {
    shape: 'as recorded',
    key: 'no such lesson',
    expected: failed('STANDARD_MISSING'),
    share: 0.02,
  },
  malformed: { shape: 'as recorded', key: 'malformed', expected: unscored, share: 0.02 },
  folder: { shape: 'no bytes', key: 'folder', expected: unscored, share: 0.01 },
  otherSuffix: { shape: 'as recorded', key: 'other suffix', expected: unscored, share: 0.01 },
} as const satisfies Record<string, UploadKind>;

export type UploadKindName = keyof typeof uploadKinds;

export function kindOf(name: UploadKindName): UploadKind {
  return uploadKinds[name];
}
