/** One sound at a time: the standard, or the learner's own take. */

export interface Player {
  /** Plays it, or stops it where it is what plays. */
  toggle(id: string, url: string, rate?: number): void;
  stop(): void;
  readonly playing: string | null;
}

export function createPlayer(onChange: () => void, onFailed: () => void): Player {
  let audio: HTMLAudioElement | null = null;
  let playing: string | null = null;
  const end = () => {
    audio?.pause();
    audio = null;
    if (playing === null) return;
    playing = null;
    onChange();
  };
  return {
    toggle(id, url, rate = 1) {
      const same = playing === id;
      end();
      if (same) return;
      const started = new Audio(url);
      started.playbackRate = rate;
      audio = started;
      playing = id;
      const over = (failed: boolean) => () => {
        if (audio !== started) return;
        end();
        if (failed) onFailed();
      };
      started.onended = over(false);
      started.onerror = over(true);
      started.play().catch(over(true));
      onChange();
    },
    stop: end,
    get playing() {
      return playing;
    },
  };
}
