/**
 * A rate that halves where a service refuses calls for their number, and comes back by equal steps
 * while it does not: additive increase, multiplicative decrease. Pure: time comes from outside.
 */
export interface RateLimits {
  /** Calls a second that are wanted. */
  most: number;
  least: number;
  /** Refusals of one burst are one: there is at most one change in this time. */
  windowMs: number;
}

export interface RateState {
  perSecond: number;
  /** When it last went down; null: never. */
  loweredAtMs: number | null;
  changedAtMs: number;
}

/** `calm` says that time has passed; whether without refusals, the state knows. */
export type RateEvent = 'refused' | 'calm';

/** Halved: below any quota that is exceeded by less than twice, after one window. */
const DECREASE = 0.5;
/** From the least to the most in this many windows without refusals. */
export const WINDOWS_TO_RECOVER = 20;
/** Nothing would ever tell a rate of 0 that it may rise. */
const LEAST_SHARE = 1 / 20;

export function rateLimitsOf(perSecond: number, windowMs: number): RateLimits {
  return { most: perSecond, least: perSecond * LEAST_SHARE, windowMs };
}

export function nextRate(
  state: RateState,
  event: RateEvent,
  nowMs: number,
  { most, least, windowMs }: RateLimits,
): RateState {
  // Configuration may have changed since.
  const perSecond = Math.min(most, Math.max(least, state.perSecond));
  const isOver = (sinceMs: number | null) => sinceMs === null || nowMs - sinceMs >= windowMs;
  switch (event) {
    case 'refused':
      if (!isOver(state.loweredAtMs)) return { ...state, perSecond };
      return {
        perSecond: Math.max(least, perSecond * DECREASE),
        loweredAtMs: nowMs,
        changedAtMs: nowMs,
      };
    case 'calm':
      if (perSecond === most || !isOver(state.changedAtMs)) return { ...state, perSecond };
      return {
        ...state,
        perSecond: Math.min(most, perSecond + (most - least) / WINDOWS_TO_RECOVER),
        changedAtMs: nowMs,
      };
  }
}
