import { diceOf } from './dice.ts';

export interface EventFate {
  /** When each copy reaches the queue; empty: the event is lost. */
  delaysMs: number[];
}

export interface EventWeather {
  /** False: every event arrives once and at once. */
  rough: boolean;
  /** Of all events: those that never arrive. */
  lostShare: number;
}

/** After this the last copy of an event is in the queue. */
export const LATEST_MS = 8_000;

/**
 * What becomes of one event, the same for the same seed and upload, whatever else happens: one to
 * three copies, each at once, a little late, or so late that others overtake it.
 */
export function eventFate(seed: number, upload: string, weather: EventWeather): EventFate {
  const dice = diceOf(seed, 'event', upload);
  if (!weather.rough) return { delaysMs: [0] };
  if (dice.chance(weather.lostShare)) return { delaysMs: [] };
  const copies = dice.pick([1, 1, 1, 2, 2, 3]);
  return {
    delaysMs: Array.from({ length: copies }, () => {
      const luck = dice.between(0, 1);
      if (luck < 0.5) return 0;
      if (luck < 0.85) return Math.round(dice.between(50, 3000));
      return Math.round(dice.between(3000, LATEST_MS));
    }),
  };
}
