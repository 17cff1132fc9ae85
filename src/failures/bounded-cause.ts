/** The server keeps about 4 KB of the last failure of a step that is retried, and drops its type above. */
const CAUSES = 3;
const CAUSE_CHARACTERS = 300;
const STACK_LINES = 4;

/** A failure's causes, so short that what they are the causes of is kept with them. */
export function boundedCause(error: Error): Error {
  return bounded(error, CAUSES);
}

function bounded(error: Error, depth: number): Error {
  const cause =
    depth > 1 && error.cause instanceof Error ? { cause: bounded(error.cause, depth - 1) } : {};
  const short = new Error(error.message.slice(0, CAUSE_CHARACTERS), cause);
  short.name = error.name;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  short.stack = [`${short.name}: ${short.message}`, ...frames.slice(0, STACK_LINES)].join('\n');
  return short;
}
