import assert from 'node:assert/strict';
import type { ScoringProgress } from '../../src/contract.ts';
import type { FoundScoring } from '../../src/web/find-scoring.ts';
import { progressEvents, type EventOptions } from '../../src/web/progress-events.ts';

const progress: ScoringProgress = {
  status: 'scoring',
  steps: [{ name: 'save', state: 'running' }],
  summary: null,
  failureCode: null,
};
const lesson = { contentType: 'novel', level: 2, title: 'Told', line: 1 };
const id = 'a'.repeat(64);
const upload = { bucket: 'b', key: 'k', versionId: 'v', etag: null, sequencer: null };
const workflow = { input: { scoringId: id, upload, userId: '7', lesson }, runId: 'r' };
const found: FoundScoring = {
  ...{ id, workflowId: 'w', userId: '7', lesson, row: null },
  workflow: { ...workflow, running: true },
};

describe('the events of a scoring', () => {
  /** While it runs and says the same: until so many events came, or the stream ended. */
  async function eventsOf(options: Partial<EventOptions>, most: number): Promise<string[]> {
    const gone = new AbortController();
    const ports = {
      scorings: { find: () => Promise.resolve(null), list: () => Promise.resolve([]) },
      workflows: {
        look: () => Promise.resolve(found.workflow),
        progress: () => Promise.resolve(progress),
      },
    };
    const events: string[] = [];
    const given = { show: (one: ScoringProgress) => one, lastEventId: null, pollMs: 1 };
    for await (const event of progressEvents(found, ports, {
      ...given,
      signal: gone.signal,
      ...options,
    })) {
      events.push(event);
      if (events.length === most) gone.abort();
    }
    return events;
  }

  it('come once for each state, and then as heartbeats', async () => {
    const [retry, told, ...beats] = await eventsOf({ heartbeatMs: 2 }, 5);
    assert.equal(retry, 'retry: 2000\n\n');
    assert.match(told ?? '', /^event: progress\nid: [\w-]{16}\ndata: \{"status":"scoring"/);
    assert.deepEqual(beats, [': heartbeat\n\n', ': heartbeat\n\n', ': heartbeat\n\n']);
  });

  it('do not tell again what the client has seen', async () => {
    const [, told] = await eventsOf({}, 2);
    const lastEventId = /^id: (.*)$/m.exec(told ?? '')?.[1] ?? assert.fail();
    const [, first] = await eventsOf({ lastEventId, heartbeatMs: 2 }, 2);
    assert.equal(first, ': heartbeat\n\n');
    const [, other] = await eventsOf({ lastEventId: 'another', heartbeatMs: 2 }, 2);
    assert.equal(other, told);
  });

  it('end by themselves after a while, for a stream that is forgotten', async () => {
    const events = await eventsOf({ mostMs: 20 }, 100);
    assert.equal(events.length, 2);
  });
});
