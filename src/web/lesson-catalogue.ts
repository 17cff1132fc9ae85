/** The lines that can be practised: what lies in the standard bucket, listed once in a while. */
import type { LessonLine } from '../contract.ts';
import { ElocuteError } from '../failures.ts';
import type { WebDependencies } from './web-ports.ts';

export interface CatalogueLine {
  lesson: LessonLine;
  /** Key of the recording. */
  key: string;
  /** Whether a `.txt` lies beside it, by its etag; null: none. */
  sentenceEtag: string | null;
}

export interface LessonCatalogue {
  /** All lines in order; at most as old as the cache. */
  lines(signal: AbortSignal): Promise<readonly CatalogueLine[]>;
  /** Null where nobody wrote it down. */
  sentenceOf(line: CatalogueLine, signal: AbortSignal): Promise<string | null>;
}

const FRESH_MS = 30_000;
/** A listing is a call per 1,000 keys; two keys make a line. */
const MOST_KEYS = 100_000;
const MAX_SENTENCE_BYTES = 4096;
const KEPT_SENTENCES = 5000;

export function createLessonCatalogue(
  { objects, lessons, settings }: Pick<WebDependencies, 'objects' | 'lessons' | 'settings'>,
  now: () => number = Date.now,
): LessonCatalogue {
  const { standardBucket: bucket, standardKeyRoot: root, contentTypes } = settings;
  let listed: { lines: readonly CatalogueLine[]; atMs: number } | null = null;
  let listing: Promise<readonly CatalogueLine[]> | null = null;
  const sentences = new Map<string, string>();

  async function list(): Promise<readonly CatalogueLine[]> {
    const etags = new Map<string, string | null>();
    let cursor: string | null = null;
    do {
      // Shared by all who wait: not ended by the first that goes away.
      const signal = AbortSignal.timeout(20_000);
      const page = await objects.page({ bucket, prefix: `${root}/`, cursor }, signal);
      for (const { key, etag } of page.objects) etags.set(key, etag);
      cursor = page.nextCursor;
    } while (cursor !== null && etags.size < MOST_KEYS);
    const lines: CatalogueLine[] = [];
    for (const key of etags.keys()) {
      const lesson = lessonOfStandardKey(key, root);
      if (lesson === null || !contentTypes.includes(lesson.contentType)) continue;
      const beside = key.replace(/\.wav$/, '.txt');
      lines.push({
        lesson,
        key,
        sentenceEtag: etags.has(beside) ? (etags.get(beside) ?? '') : null,
      });
    }
    return lines.sort((a, b) => compareLessons(a.lesson, b.lesson));
  }

  return {
    async lines(signal) {
      if (listed !== null && now() - listed.atMs < FRESH_MS) return listed.lines;
      listing ??= list()
        .then((lines) => {
          listed = { lines, atMs: now() };
          return lines;
        })
        .finally(() => (listing = null));
      const lines = await listing;
      signal.throwIfAborted();
      return lines;
    },
    async sentenceOf({ lesson, key, sentenceEtag }, signal) {
      if (sentenceEtag === null) return (await lessons.find(lesson))?.sentence ?? null;
      const beside = key.replace(/\.wav$/, '.txt');
      const name = `${sentenceEtag} ${beside}`;
      const kept = sentences.get(name);
      if (kept !== undefined) return kept;
      const object = { bucket, key: beside, versionId: null, etag: null };
      try {
        const bytes = await objects.read(object, MAX_SENTENCE_BYTES, signal);
        const sentence = new TextDecoder().decode(bytes).trim();
        if (sentences.size >= KEPT_SENTENCES) sentences.clear();
        sentences.set(name, sentence);
        return sentence;
      } catch (error) {
        // Deleted meanwhile, or no sentence at all: the line is shown without.
        const codes = ['UPLOAD_GONE', 'AUDIO_TOO_LARGE'];
        if (error instanceof ElocuteError && codes.includes(error.code)) return null;
        throw error;
      }
    },
  };
}

/** Null for whatever is not a standard recording. */
export function lessonOfStandardKey(key: string, root: string): LessonLine | null {
  const pattern = /^([^/]+)\/([^/]+)\/level_(\d{1,4})\/([^/]+)\/audio_line_(\d{1,5})\.wav$/;
  const [, first, contentType = '', level, title = '', line] = pattern.exec(key) ?? [];
  if (first !== root) return null;
  return { contentType, level: Number(level), title, line: Number(line) };
}

export function compareLessons(a: LessonLine, b: LessonLine): number {
  return (
    compareText(a.contentType, b.contentType) ||
    a.level - b.level ||
    compareText(a.title, b.title) ||
    a.line - b.line
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
