/** The items of a batch, wherever they come from: counted, and read in pages. */
import type { BatchSource } from '../batches/batch.ts';
import { ElocuteError } from '../failures.ts';
import type { BatchDependencies, TargetVersions } from './batch-ports.ts';

type Sources = Pick<BatchDependencies, 'rescoring' | 'objects'>;

export interface ItemPage {
  ids: string[];
  /** Null: that was the last page. */
  cursor: string | null;
}

/** S3 lists no more at once. */
const LIST_LIMIT = 1000;
/** Room for 3,000 lines; a page has at most 1,000. */
const RANGE_BYTES = 256 * 1024;

export async function countBatchItems(
  source: BatchSource,
  target: TargetVersions,
  sources: Sources,
  signal: AbortSignal,
): Promise<number> {
  if (source.kind === 'ids') return source.ids.length;
  if (source.kind === 'filter') return sources.rescoring.count(source.filter, target);
  let total = 0;
  for (let cursor: string | null = null; ;) {
    const page = await readItems({ source, cursor, limit: LIST_LIMIT }, target, sources, signal);
    total += page.ids.length;
    if (page.cursor === null) return total;
    cursor = page.cursor;
  }
}

export async function readItems(
  { source, cursor, limit }: { source: BatchSource; cursor: string | null; limit: number },
  target: TargetVersions,
  { rescoring, objects }: Sources,
  signal: AbortSignal,
): Promise<ItemPage> {
  switch (source.kind) {
    case 'ids': {
      const from = Number(cursor ?? 0);
      const ids = source.ids.slice(from, from + limit);
      return { ids, cursor: nextOf(from + limit < source.ids.length, String(from + limit)) };
    }
    case 'filter': {
      const ids = await rescoring.page(source.filter, target, cursor ?? '', limit);
      return { ids, cursor: nextOf(ids.length === limit, ids.at(-1)) };
    }
    case 'prefix': {
      const { bucket, prefix } = source;
      const listed = await objects.list(bucket, prefix, cursor ?? '', limit, signal);
      const ids = await rescoring.ofObjects(bucket, listed);
      return { ids, cursor: nextOf(listed.length === limit, listed.at(-1)?.key) };
    }
    case 'file': {
      const offset = Number(cursor ?? 0);
      const bytes = await objects.readRange(source.object, offset, RANGE_BYTES, signal);
      return linesOf(bytes, offset, limit);
    }
  }
}

function nextOf(more: boolean, cursor: string | undefined): string | null {
  return more && cursor !== undefined ? cursor : null;
}

const LINE_FEED = 10;

/** Whole lines from the beginning of `bytes`, which lie at `offset` of the file. */
function linesOf(bytes: Uint8Array, offset: number, limit: number): ItemPage {
  const isLast = bytes.length < RANGE_BYTES;
  const ids: string[] = [];
  let start = 0;
  while (start < bytes.length && ids.length < limit) {
    const found = bytes.indexOf(LINE_FEED, start);
    if (found === -1 && !isLast) break;
    const end = found === -1 ? bytes.length : found;
    const line = new TextDecoder().decode(bytes.subarray(start, end)).trim();
    if (line !== '') ids.push(idOf(line, offset + start));
    start = end + 1;
  }
  if (start === 0 && bytes.length > 0) throw invalid('a line has no end', offset);
  return { ids, cursor: nextOf(!isLast || start < bytes.length, String(offset + start)) };
}

function idOf(line: string, offset: number): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    throw invalid('a line is not JSON', offset);
  }
  const { id } = (parsed ?? {}) as { id?: unknown };
  if (typeof id !== 'string' || !/^[0-9a-f]{64}$/.test(id)) {
    throw invalid('a line has no "id" of 64 hex digits', offset);
  }
  return id;
}

function invalid(what: string, offset: number): ElocuteError {
  return new ElocuteError('BATCH_ITEMS_INVALID', `${what} (at byte ${offset} of the file)`);
}
