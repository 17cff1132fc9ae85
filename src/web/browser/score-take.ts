/** Sends a take and follows its scoring; says as a stage how it stands and how it ended. */
import { ApiError, callApi } from './call-api.ts';
import { followScoring } from './follow-scoring.ts';
import type { Lesson } from './lessons.ts';
import { SendError, sendTake } from './send-take.ts';
import type { Stage, Take, Trouble } from './stage.ts';

export interface ScoreTake {
  take: Take;
  lesson: Lesson;
  userId: string | null;
  signal: AbortSignal;
  onStage: (stage: Stage) => void;
}

export type Outcome = Extract<Stage, { kind: 'done' | 'failed' | 'reviewing' }>;

interface Shown {
  failure: { code: string; message: string } | null;
  links: { report: string };
}

/** A scoring takes seconds; after this it is said that it takes longer. */
const SLOW_MS = 30_000;

/** Null where the signal ended it. */
export async function scoreTake(options: ScoreTake): Promise<Outcome | null> {
  try {
    return await run(options);
  } catch (error) {
    if (options.signal.aborted) return null;
    return { kind: 'failed', trouble: troubleOf(error), take: options.take };
  }
}

async function run({ take, lesson, userId, signal, onStage }: ScoreTake): Promise<Outcome> {
  const sending: Extract<Stage, { kind: 'sending' }> = { kind: 'sending', share: 0, hurry: null };
  onStage(sending);
  const sent = await sendTake(
    { wav: take.wav, lesson, userId },
    {
      onProgress: (share) => onStage({ ...sending, share }),
      onOffline: (hurry) => onStage({ ...sending, hurry }),
    },
    signal,
  );
  let following: Extract<Stage, { kind: 'following' }> = {
    kind: 'following',
    started: false,
    slow: false,
    progress: null,
    hurry: null,
  };
  const change = (given: Partial<typeof following>) => {
    following = { ...following, ...given };
    onStage(following);
  };
  change({});
  const slow = setTimeout(() => change({ slow: true }), SLOW_MS);
  try {
    const ended = await followScoring(
      sent,
      {
        onStarted: () => change({ started: true }),
        onProgress: (progress) => change({ started: true, progress }),
        onOffline: (hurry) => change({ hurry }),
        onOnline: () => following.hurry !== null && change({ hurry: null }),
      },
      signal,
    );
    if (ended.kind === 'reviewing') return ended;
    if (ended.kind === 'replaced') {
      const trouble: Trouble = { title: 'replaced', text: 'replaced_do', code: null };
      return { kind: 'failed', trouble, take: null };
    }
    return await outcomeOf(ended.scoringId, ended.kind, signal);
  } finally {
    clearTimeout(slow);
  }
}

async function outcomeOf(
  scoringId: string,
  kind: 'completed' | 'failed',
  signal: AbortSignal,
): Promise<Outcome> {
  const path = `/api/v1/scorings/${scoringId}`;
  if (kind === 'completed') return { kind: 'done', report: `/scorings/${scoringId}` };
  const [en, ko] = await Promise.all(
    (['en', 'ko'] as const).map((one) => callApi<Shown>(`${path}?language=${one}`, { signal })),
  );
  const text =
    en?.failure == null || ko?.failure == null
      ? 'failed_do'
      : { en: en.failure.message, ko: ko.failure.message };
  const trouble: Trouble = { title: 'scoring_failed', text, code: en?.failure?.code ?? null };
  return { kind: 'failed', trouble, take: null };
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof SendError) {
    return { title: error.problem, text: `${error.problem}_do`, code: null };
  }
  const code = error instanceof ApiError ? error.code : null;
  if (error instanceof ApiError) {
    if (error.status === 401) return { title: 'signed_out', text: 'signed_out_do', code };
    if (error.status === 413) return { title: 'too_large', text: 'too_large_do', code };
    if (code === 'STANDARD_MISSING') return { title: 'line_gone', text: 'line_gone_do', code };
    if ([429, 500, 502, 503, 504].includes(error.status)) {
      return { title: 'busy', text: 'busy_do', code };
    }
  }
  return { title: 'send_refused', text: 'send_refused_do', code };
}
