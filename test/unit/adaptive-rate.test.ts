import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  nextRate,
  rateLimitsOf,
  WINDOWS_TO_RECOVER,
  type RateEvent,
  type RateLimits,
  type RateState,
} from '../../src/adapters/adaptive-rate.ts';

const limitsOf = fc
  .tuple(fc.double({ min: 0.1, max: 10_000, noNaN: true }), fc.integer({ min: 1, max: 60_000 }))
  .map(([most, windowMs]) => rateLimitsOf(most, windowMs));
const stateOf = fc.record({
  perSecond: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
  loweredAtMs: fc.option(fc.integer({ min: 0, max: 1e6 })),
  changedAtMs: fc.integer({ min: 0, max: 1e6 }),
}) satisfies fc.Arbitrary<RateState>;
const eventOf = fc.constantFrom<RateEvent>('refused', 'calm');
const stepOf = fc.record({ event: eventOf, afterMs: fc.integer({ min: 0, max: 100_000 }) });

const fresh = ({ most }: RateLimits): RateState => ({
  perSecond: most,
  loweredAtMs: null,
  changedAtMs: 0,
});

describe('the rate of speech calls', () => {
  it('is never above the most or below the least, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(limitsOf, stateOf, fc.array(stepOf), (limits, start, steps) => {
        let [state, nowMs] = [start, 1e6];
        for (const { event, afterMs } of [{ event: 'calm' as const, afterMs: 0 }, ...steps]) {
          nowMs += afterMs;
          state = nextRate(state, event, nowMs, limits);
          assert.ok(state.perSecond >= limits.least && state.perSecond <= limits.most);
        }
      }),
    );
  });

  it('goes down once for a burst of refusals within the window, by half', () => {
    const instants = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(limitsOf, instants, (limits, shares) => {
        let state = nextRate(fresh(limits), 'refused', 1e6, limits);
        assert.equal(state.perSecond, limits.most / 2);
        for (const share of shares.sort()) {
          state = nextRate(state, 'refused', 1e6 + share * limits.windowMs, limits);
        }
        assert.equal(state.perSecond, limits.most / 2);
        state = nextRate(state, 'refused', 1e6 + limits.windowMs, limits);
        assert.equal(state.perSecond, limits.most / 4);
      }),
    );
  });

  it('is back at the most after a bounded number of calm windows, however low it was', () => {
    fc.assert(
      fc.property(limitsOf, stateOf, (limits, start) => {
        let state = nextRate({ ...start, perSecond: limits.least }, 'refused', 1e6, limits);
        for (let window = 1; window <= WINDOWS_TO_RECOVER + 1; window++) {
          state = nextRate(state, 'calm', 1e6 + window * limits.windowMs, limits);
        }
        assert.equal(state.perSecond, limits.most);
      }),
    );
  });

  it('rises at most once in a window, and not in the window of a refusal', () => {
    const limits = rateLimitsOf(10, 1000);
    const low = nextRate(fresh(limits), 'refused', 5000, limits);
    assert.deepEqual(nextRate(low, 'calm', 5999, limits), low);
    const risen = nextRate(low, 'calm', 6000, limits);
    assert.ok(risen.perSecond > low.perSecond);
    assert.deepEqual(nextRate(risen, 'calm', 6500, limits), risen);
  });
});
