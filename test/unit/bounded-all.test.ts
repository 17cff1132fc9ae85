import assert from 'node:assert/strict';
import { boundedAll } from '../../src/activities/bounded-all.ts';

const never = new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('boundedAll', () => {
  it('runs every item once, in order, never more than so many at once', async () => {
    const begun: number[] = [];
    let inHand = 0;
    const items = Array.from({ length: 20 }, (_, index) => index);
    const left = await boundedAll(items, { limit: 3, signal: never }, async (item) => {
      begun.push(item);
      inHand += 1;
      assert.ok(inHand <= 3);
      await turn();
      inHand -= 1;
    });
    assert.deepEqual([begun, left], [items, 0]);
  });

  it('lets those in hand end when one fails, begins no other, and passes the error on', async () => {
    const ended: number[] = [];
    const run = async (item: number) => {
      await turn();
      if (item === 1) throw new Error('second');
      await turn();
      ended.push(item);
    };
    await assert.rejects(boundedAll([0, 1, 2, 3, 4, 5], { limit: 3, signal: never }, run), {
      message: 'second',
    });
    assert.deepEqual(ended, [0, 2]);
  });

  it('begins nothing more once it is cancelled', async () => {
    const stop = new AbortController();
    const begun: number[] = [];
    const run = async (item: number) => {
      begun.push(item);
      stop.abort(new Error('cancelled'));
      await turn();
    };
    await assert.rejects(boundedAll([0, 1, 2], { limit: 1, signal: stop.signal }, run), {
      message: 'cancelled',
    });
    assert.deepEqual(begun, [0]);
  });
});
