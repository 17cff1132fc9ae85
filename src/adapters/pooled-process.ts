/** One process of a pool, from its start to its end; at most one task at a time. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { threadModule, type ThreadModule } from './thread-module.ts';

export interface PooledProcessOptions {
  /** Its default export takes a task and promises the result. */
  module: ThreadModule;
  /** All that the process may have, code and engines included. */
  memoryMb: number;
}

/** What the process says: that it can begin, or how a task went. */
export type PoolAnswer = { kind: 'ready' } | { kind: 'done'; value: unknown } | ThrownAnswer;

interface ThrownAnswer {
  kind: 'thrown';
  message: string;
}

export interface PooledProcess {
  /** Resolves once it takes tasks; rejects where it ends before. */
  ready: Promise<void>;
  /** Resolves when it has ended, however. */
  ended: Promise<void>;
  /** Rejects with what the task threw, or with what ended the process. */
  run(task: unknown): Promise<unknown>;
  /** Ends it at once; `reason` is what its task is rejected with. */
  kill(reason: string): void;
}

/** Sent by the guard inside, and by nobody else: its default is to end the process at once. */
export const OUT_OF_MEMORY_SIGNAL = 'SIGUSR2';
/** Enough for V8's "FATAL ERROR" line or the message of an uncaught error, which come first. */
const KEPT_ERRORS = 2000;

export function startPooledProcess({ module, memoryMb }: PooledProcessOptions): PooledProcess {
  const entry = threadModule('pool-child', import.meta.url);
  const child = fork(
    fileURLToPath(`file://${entry.filename}`),
    [module.filename, String(memoryMb)],
    {
      // No credentials beside recordings of strangers.
      env: {},
      execArgv: [...(entry.execArgv ?? []), `--max-old-space-size=${memoryMb}`],
      // Typed arrays as they are.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  let killedFor: string | undefined;
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => {
    errors = `${errors}${text.toString()}`.slice(0, KEPT_ERRORS);
  });
  // A message that cannot be sent any more: its end says why.
  child.on('error', (error) => {
    killedFor ??= error.message;
    child.kill('SIGKILL');
  });
  const how = new Promise<string>((resolve) => {
    // Not 'exit': its last words may still be on the way. Without a pid it never started.
    child.once('close', (code, signal) => resolve(endingOf(code, signal)));
    if (child.pid === undefined) child.once('error', (error) => resolve(error.message));
  });
  /** The next thing it says, or its end. */
  const nextAnswer = async (): Promise<PoolAnswer> => {
    let listen: ((answer: PoolAnswer) => void) | undefined;
    const said = new Promise<PoolAnswer>((resolve) => child.once('message', (listen = resolve)));
    const ending = how.then((what) => {
      throw new Error(killedFor ?? what);
    });
    try {
      return await Promise.race([said, ending]);
    } finally {
      if (listen !== undefined) child.off('message', listen);
    }
  };
  return {
    ready: nextAnswer().then(() => undefined),
    ended: how.then(() => undefined),
    async run(task) {
      const answered = nextAnswer();
      if (child.connected) child.send({ task });
      const answer = await answered;
      switch (answer.kind) {
        case 'done':
          return answer.value;
        case 'thrown':
          throw new Error(answer.message);
        case 'ready':
          throw new Error('the process said ready twice');
      }
    },
    kill(reason) {
      killedFor ??= reason;
      child.kill('SIGKILL');
    },
  };

  function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
    if (signal === OUT_OF_MEMORY_SIGNAL) return `it took more than ${memoryMb} MB of memory`;
    const how = `its process ended (${signal ?? `exit code ${code ?? '?'}`})`;
    const why = /^(?:FATAL ERROR|\w*Error\b.*?): .*/m.exec(errors)?.[0];
    return why === undefined ? how : `${how}: ${why}`;
  }
}
