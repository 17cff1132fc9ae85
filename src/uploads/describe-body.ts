import { parseMessage } from './s3-event.ts';

export interface DescribedBody {
  kind: 'uploads' | 'ignored' | 'poison';
  /** How many uploads, or why none; never a key, which could name somebody. */
  detail: string;
  characters: number;
}

/** What a body is to the parser as it is now, which may know more than the one that refused it. */
export function describeBody(body: string): DescribedBody {
  const parsed = parseMessage(body);
  const characters = body.length;
  switch (parsed.kind) {
    case 'uploads': {
      if (parsed.unreadable !== undefined) {
        return { kind: 'poison', detail: parsed.unreadable, characters };
      }
      const { length } = parsed.uploads;
      return {
        kind: parsed.kind,
        detail: `${length} upload${length === 1 ? '' : 's'}`,
        characters,
      };
    }
    case 'ignored':
    case 'poison':
      return { kind: parsed.kind, detail: parsed.reason, characters };
  }
}
