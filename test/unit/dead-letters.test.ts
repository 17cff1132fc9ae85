import assert from 'node:assert/strict';
import { ageOf, deadLetterJson, deadLetterTable } from '../../src/commands/dead-letter-table.ts';
import type { DeadLetter, DeadLetters } from '../../src/uploads/dead-letters.ts';
import { lookAtDeadLetters } from '../../src/uploads/look-at-dead-letters.ts';
import { redriveDeadLetters } from '../../src/uploads/redrive-dead-letters.ts';
import { bodies } from '../support/store-bodies.ts';

const KEY = 'user-audio-file/private-name/novel/level_1/T/audio_line_1.wav';

function letter(id: string, sentAtMs = 0, body = `body of ${id}`): DeadLetter {
  const common = { receipt: id, receiveCount: 1, sourceMessageId: null };
  return { id, body, sentAtMs, reason: 'the body is not JSON', ...common };
}

/** Gives three at a time; what is received is hidden until it is released. */
function queueOf(letters: DeadLetter[]) {
  const hidden = new Set<string>();
  let remaining = [...letters];
  const queue: DeadLetters = {
    receive: () => {
      const batch = remaining.filter(({ id }) => !hidden.has(id)).slice(0, 3);
      for (const { id } of batch) hidden.add(id);
      return Promise.resolve(batch);
    },
    release: (released) => {
      for (const { id } of released) hidden.delete(id);
      return Promise.resolve();
    },
    delete: ({ id }) => {
      hidden.delete(id);
      remaining = remaining.filter((one) => one.id !== id);
      return Promise.resolve();
    },
    count: () => Promise.resolve(remaining.length),
    close: () => undefined,
  };
  return { queue, hidden, ids: () => remaining.map(({ id }) => id) };
}

const five = () => ['a', 'b', 'c', 'd', 'e'].map((id, index) => letter(id, 10 - index));
const idsOf = (letters: readonly DeadLetter[]) => letters.map(({ id }) => id);
const all = { ids: [], max: 100, dryRun: false, startedAtMs: 1000 };

describe('the dead letters', () => {
  it('are listed oldest first, within the bound, and are visible to others afterwards', async () => {
    const { queue, hidden } = queueOf(five());
    assert.deepEqual(idsOf(await lookAtDeadLetters(queue, 100)), ['e', 'd', 'c', 'b', 'a']);
    assert.equal((await lookAtDeadLetters(queue, 2)).length, 2);
    assert.equal(hidden.size, 0);
  });

  it('are visible again also where the look broke off', async () => {
    const { queue, hidden } = queueOf(five());
    let looks = 0;
    const broken: DeadLetters = {
      ...queue,
      receive: (hiddenS) =>
        ++looks > 1 ? Promise.reject(new Error('gone')) : queue.receive(hiddenS),
    };
    await assert.rejects(lookAtDeadLetters(broken, 100), /gone/);
    assert.equal(hidden.size, 0);
  });

  it('are sent first and deleted then, all of them', async () => {
    const { queue, ids } = queueOf(five());
    const order: string[] = [];
    const watched: DeadLetters = {
      ...queue,
      delete: (one) => {
        order.push(`delete ${one.body}`);
        return queue.delete(one);
      },
    };
    const send = (body: string) => Promise.resolve(void order.push(`send ${body}`));
    const result = await redriveDeadLetters(watched, send, all);
    assert.deepEqual(idsOf(result.sent), ['a', 'b', 'c', 'd', 'e']);
    assert.deepEqual(order.slice(0, 4), [
      'send body of a',
      'delete body of a',
      'send body of b',
      'delete body of b',
    ]);
    assert.deepEqual(ids(), []);
  });

  it('are sent only where they were asked for; the others stay, visible', async () => {
    const { queue, ids, hidden } = queueOf(five());
    const sent: string[] = [];
    const send = (body: string) => Promise.resolve(void sent.push(body));
    const result = await redriveDeadLetters(queue, send, { ...all, ids: ['d', 'nobody'] });
    assert.deepEqual(sent, ['body of d']);
    assert.deepEqual(result.missing, ['nobody']);
    assert.deepEqual(ids(), ['a', 'b', 'c', 'e']);
    assert.equal(hidden.size, 0);
  });

  it('stay where they are in a dry run', async () => {
    const { queue, ids, hidden } = queueOf(five());
    const send = () => Promise.reject(new Error('nothing may be sent'));
    const result = await redriveDeadLetters(queue, send, { ...all, dryRun: true });
    assert.equal(result.sent.length, 5);
    assert.equal(ids().length, 5);
    assert.equal(hidden.size, 0);
  });

  it('are not lost where sending fails, and a failed deletion leaves a duplicate', async () => {
    const { queue, ids, hidden } = queueOf(five());
    let count = 0;
    const send = () => (++count === 2 ? Promise.reject(new Error('down')) : Promise.resolve());
    const broken = await redriveDeadLetters(queue, send, all);
    assert.deepEqual(idsOf(broken.sent), ['a']);
    assert.match(broken.problem ?? '', /sending failed: down/);
    assert.deepEqual(ids(), ['b', 'c', 'd', 'e']);
    const keeping = { ...queue, delete: () => Promise.reject(new Error('denied')) };
    const doubled = await redriveDeadLetters(keeping, () => Promise.resolve(), all);
    assert.deepEqual(idsOf(doubled.doubled), ['b']);
    assert.deepEqual(ids(), ['b', 'c', 'd', 'e']);
    assert.equal(hidden.size, 0);
  });

  it('that were sent are told of also where receiving breaks off, or what is held cannot be released', async () => {
    const { queue, ids } = queueOf(five());
    let receives = 0;
    const broken: DeadLetters = {
      ...queue,
      receive: (hiddenS) =>
        ++receives > 1 ? Promise.reject(new Error('SQS is down')) : queue.receive(hiddenS),
      release: () => Promise.reject(new Error('SQS is down')),
    };
    const result = await redriveDeadLetters(broken, () => Promise.resolve(), all);
    assert.deepEqual(idsOf(result.sent), ['a', 'b', 'c']);
    assert.match(result.problem ?? '', /receiving failed: SQS is down/);
    assert.deepEqual(ids(), ['d', 'e']);
  });

  it('do not go round for ever: what comes back as poison meanwhile is left', async () => {
    const letters = five();
    const { queue } = queueOf(letters);
    const returning: DeadLetters[] = [];
    let made = 0;
    let world = queue;
    const live: DeadLetters = { ...queue, receive: (hiddenS) => world.receive(hiddenS) };
    const send = () => {
      const back = queueOf([letter(`back ${++made}`, 2000)]).queue;
      returning.push(back);
      // The starter refuses it again: it lies among the dead letters as a new one.
      const before = world;
      world = {
        ...before,
        receive: async (hiddenS) => {
          const batch = await before.receive(hiddenS);
          return batch.length > 0 ? batch : back.receive(hiddenS);
        },
      };
      return Promise.resolve();
    };
    const result = await redriveDeadLetters(live, send, all);
    assert.deepEqual(idsOf(result.sent), ['a', 'b', 'c', 'd', 'e']);
    assert.equal(returning.length, 5);
  });

  it('are shown with age and reason, and never with a key', () => {
    const body = JSON.stringify(bodies['S3 to SQS']?.({ key: KEY, etag: 'e' }));
    const shown = letter('0f8fad5b-d9cb-469f-a165-70867728950e', 0, body);
    const table = deadLetterTable([shown, { ...shown, reason: null }], 7_300_000);
    assert.match(table, /0f8fad5b-d9cb-469f-a165-70867728950e.* 2 h .*not JSON.*1 upload/);
    assert.match(table, /received five times/);
    assert.match(deadLetterTable([letter('x')], 0), /the body is not JSON.*still poison/);
    const json = JSON.stringify(deadLetterJson(shown, 7_300_000));
    assert.match(json, /"ageS":7300,.*"kind":"uploads"/);
    assert.ok(![table, json].some((text) => text.includes('private-name')));
    assert.deepEqual([0, 59_999, 60_000, 90_000_000, -5].map(ageOf), [
      '0 s',
      '59 s',
      '1 min',
      '1 d',
      '0 s',
    ]);
  });
});
