/**
 * Tells an outage from one message that is refused whatever the weather: what refuses it, a start or a
 * look into S3, has passed for others meanwhile. Without that evidence nothing can be told, and the
 * message is held: each receive brings it nearer to the dead letters.
 */
import type { EventDependencies } from './handle-event.ts';
import type { UploadMessage } from './upload-queue.ts';

type Port = 'start' | 'describe';

interface FirstRefusal {
  atMs: number;
  /** What had passed by then. */
  passed: Record<Port, number>;
}

export interface RefusedMessages {
  /** The same ports; what passes them is counted. */
  watched: Pick<EventDependencies, Port>;
  /** Asked at each refusal: true where it is refused for `holdMs` while others pass. */
  isOwnMatter(message: UploadMessage, error: unknown): boolean;
}

export function createRefusedMessages(
  { start, describe }: Pick<EventDependencies, Port>,
  holdMs: number,
): RefusedMessages {
  const passed = { start: 0, describe: 0 };
  const refusing = new WeakMap<Error, Port>();
  const first = new WeakMap<UploadMessage, FirstRefusal>();
  const counted =
    <In, Out>(port: Port, ask: (input: In) => Promise<Out>) =>
    (input: In): Promise<Out> => {
      const answer = ask(input);
      answer.then(
        () => (passed[port] += 1),
        (error: unknown) => error instanceof Error && refusing.set(error, port),
      );
      return answer;
    };
  return {
    watched: { start: counted('start', start), describe: counted('describe', describe) },
    isOwnMatter(message, error) {
      const since = first.get(message);
      if (since === undefined) {
        first.set(message, { atMs: performance.now(), passed: { ...passed } });
        return false;
      }
      const port = (error instanceof Error && refusing.get(error)) || 'start';
      return performance.now() - since.atMs > holdMs && passed[port] > since.passed[port];
    },
  };
}
