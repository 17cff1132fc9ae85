/** How many streams of events are open, so that nobody holds them all. */
import { Problem } from './problems.ts';

export interface EventStreams {
  /** Returns what frees the place. @throws Problem where there is none */
  enter(userId: string): () => void;
  /** Open now. */
  readonly open: number;
}

export interface StreamLimits {
  perUser: number;
  total: number;
}

/** A browser opens six connections to one host; each stream asks the worker a few times a second. */
export const STREAM_LIMITS: StreamLimits = { perUser: 6, total: 200 };
const RETRY_AFTER_S = 10;

export function createEventStreams({ perUser, total }: StreamLimits): EventStreams {
  const byUser = new Map<string, number>();
  let open = 0;
  return {
    enter(userId) {
      const own = byUser.get(userId) ?? 0;
      if (own >= perUser || open >= total) {
        const whose = own >= perUser ? 'of yours' : 'of all';
        throw new Problem(
          'STREAMS_EXHAUSTED',
          `${own >= perUser ? own : open} ${whose} are open.`,
          {
            retryAfterS: RETRY_AFTER_S,
          },
        );
      }
      byUser.set(userId, own + 1);
      open += 1;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        open -= 1;
        const now = (byUser.get(userId) ?? 1) - 1;
        if (now === 0) byUser.delete(userId);
        else byUser.set(userId, now);
      };
    },
    get open() {
      return open;
    },
  };
}
