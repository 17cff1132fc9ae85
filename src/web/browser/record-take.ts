/** One take: permission, countdown, recording with a meter and a clock, until it is stopped. */
import { clippedShare, levelDb } from './judge-take.ts';
import type { Speaking } from './language.ts';
import { MicrophoneError, openMicrophone, SAMPLE_RATE_HZ, type Microphone } from './microphone.ts';
import type { Gauge } from './stage-view.ts';
import type { Stage } from './stage.ts';

export interface Recording {
  /** Null where there is no take: it was cancelled, or a stage says why. */
  samples: Promise<Float32Array | null>;
  stop: () => void;
  cancel: () => void;
}

export interface RecordOptions {
  worklet: string;
  maxSeconds: number;
  gauge: Gauge;
  speaking: Speaking;
  onStage: (stage: Stage) => void;
}

const COUNT_FROM = 3;
const COUNT_MS = 1000;
/** The meter shows -60 dB to full scale. */
const QUIETEST_DB = -60;
/** Softer than this for two seconds: it is said while it still helps. */
const SOFT_DB = -45;
const SOFT_BLOCKS = 31;

export function recordTake(options: RecordOptions): Recording {
  const over = new AbortController();
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  return {
    samples: run(options, stopped, over.signal).catch((error: unknown) => {
      if (over.signal.aborted) return null;
      const problem = error instanceof MicrophoneError ? error.problem : 'busy';
      options.onStage({ kind: 'no_microphone', problem });
      return null;
    }),
    stop,
    cancel: () => over.abort(new Error('cancelled')),
  };
}

async function run(
  { worklet, maxSeconds, gauge, speaking, onStage }: RecordOptions,
  stopped: Promise<void>,
  over: AbortSignal,
): Promise<Float32Array | null> {
  const lost = new AbortController();
  const microphone = await openMicrophone(worklet, () => lost.abort(new MicrophoneError('lost')));
  const end = AbortSignal.any([over, lost.signal]);
  try {
    for (let left = COUNT_FROM; left > 0; left -= 1) {
      onStage({ kind: 'countdown', left });
      await pause(COUNT_MS, end);
    }
    onStage({ kind: 'recording' });
    const isTooLong = await listen(microphone, { maxSeconds, gauge, speaking, stopped, end });
    if (!isTooLong) return await microphone.stop();
    onStage({ kind: 'refused', problem: 'too_long' });
    return null;
  } finally {
    microphone.close();
  }
}

interface Listening {
  maxSeconds: number;
  gauge: Gauge;
  speaking: Speaking;
  stopped: Promise<void>;
  end: AbortSignal;
}

/** Until it is stopped (false) or the time is over (true). */
function listen(microphone: Microphone, options: Listening): Promise<boolean> {
  const { maxSeconds, gauge, speaking, stopped, end } = options;
  return new Promise((resolve, reject) => {
    let samples = 0;
    let soft = 0;
    const most = shownTime(maxSeconds);
    const abort = () => reject(end.reason as Error);
    end.addEventListener('abort', abort, { once: true });
    if (end.aborted) {
      abort();
      return;
    }
    void stopped.then(() => resolve(false));
    gauge.timer.textContent = speaking.say('time', { at: shownTime(0), most });
    microphone.start((block) => {
      samples += block.length;
      const db = levelDb(block);
      const share = Math.min(1, Math.max(0, (db - QUIETEST_DB) / -QUIETEST_DB));
      gauge.level.style.width = `${Math.round(share * 100)}%`;
      soft = db < SOFT_DB ? soft + 1 : 0;
      const hint =
        clippedShare(block) > 0.01 ? 'too_loud_now' : soft > SOFT_BLOCKS ? 'too_quiet_now' : null;
      gauge.hint.textContent = hint === null ? '' : speaking.say(hint);
      const seconds = samples / SAMPLE_RATE_HZ;
      gauge.timer.textContent = speaking.say('time', { at: shownTime(seconds), most });
      if (seconds >= maxSeconds) resolve(true);
    });
  });
}

function shownTime(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
