import assert from 'node:assert/strict';
import fc from 'fast-check';
import { countEvents, type EventLine } from '../../bench/chaos/event-log.ts';
import { eventFate, LATEST_MS } from '../../bench/chaos/event-fate.ts';
import { parseChaosOptions } from '../../bench/chaos/options.ts';
import { targets, type ProcessFault } from '../../bench/chaos/plan-faults.ts';
import { keyOf } from '../../bench/chaos/plan-uploads.ts';
import { planCalm, planPlanted, planRun, type Plan } from '../../bench/chaos/plan.ts';
import { recordingBytes } from '../../bench/chaos/recording-bytes.ts';
import { createTroubles } from '../../bench/chaos/speech-troubles.ts';
import { uploadIdOf, workflowIdOf } from '../../bench/chaos/upload-id.ts';
import { kindOf, uploadKinds, type UploadKindName } from '../../bench/chaos/upload-kinds.ts';
import { decodeRecording } from '../../src/adapters/decode-recording.ts';
import { AudioError } from '../../src/audio/audio-error.ts';
import { decodeWav } from '../../src/audio/decode-wav.ts';
import { workflowIdFor } from '../../src/contract.ts';
import type { Fault } from '../../src/local/speech-faults.ts';
import { scoringIdOf } from '../../src/uploads/scoring-id.ts';
import { buildWav } from '../support/build-wav.ts';

const LESSON = 'novel/level_2/The_Fox/audio_line_3.wav';

function plan(seed: number, uploads: number): Plan {
  return planRun({ seed, uploads, durationMs: uploads * 1000, recordings: 30 });
}

function putsOf({ warmUp, keys }: Plan) {
  return [...warmUp, ...keys].flatMap(({ steps }) =>
    steps.filter(({ action }) => action === 'put'),
  );
}

function processFaults({ faults }: Plan, what: ProcessFault['what']): ProcessFault[] {
  return faults.filter((fault): fault is ProcessFault => fault.what === what);
}

describe('the plan of a fault run', () => {
  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(plan(7, 120), plan(7, 120));
    assert.notDeepEqual(plan(7, 120).keys, plan(8, 120).keys);
    assert.notDeepEqual(plan(7, 120).faults, plan(8, 120).faults);
  });

  it('has as many uploads as asked for, every kind among them, each key a user’s own', () => {
    for (const uploads of [120, 1000]) {
      const made = plan(3, uploads);
      const puts = putsOf(made);
      assert.equal(puts.length, uploads);
      const kinds = new Set(puts.map((step) => (step.action === 'put' ? step.kind : '')));
      assert.deepEqual(kinds, new Set(Object.keys(uploadKinds)));
      const users = [...made.warmUp, ...made.keys].map(({ user }) => user);
      assert.equal(new Set(users).size, users.length);
      const follows = made.keys.flatMap(({ steps }) => steps.slice(1).map(({ action }) => action));
      assert.ok(follows.includes('put') && follows.includes('delete'));
    }
  });

  it('kills ten times and more in 120 uploads, sixty and more in 1,000, and spares no process', () => {
    for (const [uploads, least] of [
      [120, 10],
      [1000, 60],
    ] as const) {
      const kills = processFaults(plan(1, uploads), 'kill');
      assert.ok(kills.length >= least, `${kills.length} kills`);
      assert.deepEqual(new Set(kills.map(({ target }) => target)), new Set(targets));
    }
  });

  it('kills both starters while Temporal is away, so that they hold what they could not start', () => {
    const kills = processFaults(plan(1, 120), 'kill');
    const outages = kills.filter(({ target, downMs }) => target === 'temporal' && downMs > 5000);
    assert.equal(outages.length, 2);
    for (const { atMs, downMs } of outages) {
      const meanwhile = kills.filter(
        (kill) => kill.atMs > atMs && kill.atMs < atMs + downMs && kill.target !== 'temporal',
      );
      const killed = new Set(meanwhile.map(({ target }) => target));
      assert.ok(killed.has('starter-0') && killed.has('starter-1'), [...killed].join());
    }
  });

  it('breaks nothing in a run that is the measure of the others', () => {
    const calm = planCalm({ seed: 1, uploads: 20, durationMs: 20_000, recordings: 30 });
    assert.deepEqual(calm.faults, []);
    assert.deepEqual(calm.weather, { rough: false, lostShare: 0 });
    assert.deepEqual(calm.keys, plan(1, 20).keys);
    assert.ok(calm.reconcile);
  });

  it('lets one worker live through the second half, so that a leak would show', () => {
    const late = plan(5, 1000).faults.filter(
      (fault) => fault.what !== 'speech' && fault.target === 'worker-1' && fault.atMs > 500_000,
    );
    assert.deepEqual(late, []);
  });

  it('leaves the queue alone and loses no event where nothing reconciles', () => {
    const options = { seed: 1, uploads: 120, durationMs: 60_000, recordings: 30 };
    const calm = planRun({ ...options, reconcile: false });
    assert.equal(calm.weather.lostShare, 0);
    for (const fault of calm.faults) assert.ok(!('target' in fault) || fault.target !== 'objects');
    for (const name of ['delete-before-start', 'no-unique-key'] as const) {
      const planted = planPlanted(name, options);
      assert.equal(planted.reconcile, false);
      assert.equal(planted.weather.lostShare, 0);
    }
  });

  it('writes keys of lesson lines, and keys that are none', () => {
    const planned = { atMs: 0, user: 9, recording: 0, expected: false, steps: [] };
    const key = (keyShape: Parameters<typeof keyOf>[0]['keyShape']) =>
      keyOf({ ...planned, keyShape }, LESSON, 'root');
    assert.equal(key('lesson line'), `root/9/${LESSON}`);
    assert.match(key('no such lesson'), /^root\/9\/novel\/level_2\/[^/]+\/audio_line_3\.wav$/);
    assert.match(key('malformed'), /level-one/);
    assert.match(key('folder'), /\/$/);
    assert.match(key('other suffix'), /\.txt$/);
  });
});

describe('the fate of an event', () => {
  const rough = { rough: true, lostShare: 0.05 };
  const fates = Array.from({ length: 2000 }, (_, index) => eventFate(1, `upload ${index}`, rough));

  it('is the same for the same seed and upload', () => {
    assert.deepEqual(eventFate(1, 'upload 7', rough), fates[7]);
    const others = fates.map((_, index) => eventFate(2, `upload ${index}`, rough));
    assert.notDeepEqual(others, fates);
  });

  it('is one to three copies, some late, and now and then none', () => {
    const copies = new Set(fates.map(({ delaysMs }) => delaysMs.length));
    assert.deepEqual(copies, new Set([0, 1, 2, 3]));
    const delays = fates.flatMap(({ delaysMs }) => delaysMs);
    assert.ok(delays.every((delay) => delay >= 0 && delay <= LATEST_MS));
    assert.ok(delays.some((delay) => delay === 0) && delays.some((delay) => delay > 3000));
    const lost = fates.filter(({ delaysMs }) => delaysMs.length === 0).length / fates.length;
    assert.ok(lost > 0.03 && lost < 0.07, `${lost}`);
  });

  it('is one copy at once where the weather is calm', () => {
    assert.deepEqual(eventFate(1, 'upload 7', { rough: false, lostShare: 0 }), { delaysMs: [0] });
  });
});

describe('the log of events', () => {
  const began: EventLine = { event: 'began' };
  const received = (id: string, ...delaysMs: number[]): EventLine => {
    return { event: 'received', id, delaysMs };
  };
  const sent = (id: string, sequencer: string, copy = 0, late = false): EventLine => {
    return { event: 'sent', id, sequencer, copy, late };
  };
  const taken = (id: string): EventLine => ({ event: 'taken', id });
  const outcomeOf = (...lines: EventLine[]) => countEvents(lines).outcomes.get('a');

  it('says which events the store held when it ended', () => {
    const held = [began, received('a', 0, 10), sent('a', '1')];
    assert.equal(outcomeOf(...held), 'held');
    assert.equal(outcomeOf(...held, began), 'lost with the store');
    assert.equal(outcomeOf(...held, taken('a'), began), 'taken');
    assert.equal(outcomeOf(began, received('a', 10), began), 'lost with the store');
    assert.equal(outcomeOf(began, received('a'), began), 'lost by plan');
    assert.equal(outcomeOf(began, began), undefined);
  });

  it('follows an event that S3 announces once more', () => {
    const lost = [began, received('a', 0), began, received('a', 0)];
    assert.equal(outcomeOf(...lost), 'held');
    assert.equal(outcomeOf(...lost, taken('a')), 'taken');
    const late = [began, received('a', 0), taken('a'), received('a', 0), began];
    assert.equal(outcomeOf(...late), 'taken');
  });

  it('counts what was doubled, delayed, reordered, lost, and dead letters', () => {
    const counts = countEvents([
      began,
      received('a', 0, 5),
      received('b', 0),
      received('c'),
      sent('b', '2'),
      sent('a', '1'),
      sent('a', '1', 1, true),
      { event: 'dead' },
      began,
    ]);
    assert.deepEqual(
      { ...counts, outcomes: undefined },
      {
        events: 3,
        duplicates: 1,
        delayed: 1,
        reordered: 2,
        lost: 1,
        lostWithStore: 2,
        deadLetters: 1,
        outcomes: undefined,
      },
    );
  });
});

describe('the troubles of the speech service', () => {
  const begin = () => {
    const faults: Fault[] = [];
    const struck: string[] = [];
    const troubles = createTroubles(
      (fault) => void faults.push(fault),
      (trouble) => void struck.push(trouble),
    );
    return { troubles, struck, faults, call: () => faults.at(-1)?.onStruck?.() };
  };

  it('strike one after the other, each as often as it was to', () => {
    const { troubles, struck, faults, call } = begin();
    troubles.add({ trouble: 'hang', count: 2 });
    troubles.add({ trouble: 'unavailable', count: 1 });
    assert.equal(faults.length, 1);
    for (let count = 0; count < 3; count++) call();
    assert.deepEqual(struck, ['hang', 'hang', 'unavailable']);
    assert.deepEqual(
      faults.map(({ count }) => count),
      [2, 1],
    );
  });

  it('end, those that wait as well', () => {
    const { troubles, faults } = begin();
    troubles.add({ trouble: 'hang', count: 2 });
    troubles.add({ trouble: 'unavailable', count: 1 });
    troubles.end();
    assert.equal(faults.at(-1)?.count, 0);
    assert.equal(faults.length, 2);
    troubles.add({ trouble: 'deadline', count: 1 });
    assert.equal(faults.length, 3);
  });
});

describe('the recordings of a fault run', () => {
  const limits = { maxBytes: 100_000, maxSeconds: 5 };
  const recording = buildWav({ data: Buffer.from(new Int16Array(16_000).fill(1000).buffer) });

  it('are the same for the same variant, and a changed one differs in a few samples', () => {
    const bytes = recordingBytes('a few samples changed', recording, 1, limits);
    assert.deepEqual(recordingBytes('a few samples changed', recording, 1, limits), bytes);
    assert.notDeepEqual(recordingBytes('a few samples changed', recording, 2, limits), bytes);
    const { samples } = decodeWav(bytes, limits);
    const changed = [...samples].filter((sample) => Math.abs(sample - 1000 / 0x8000) > 1e-6);
    assert.ok(changed.length >= 1 && changed.length <= 5);
    for (const sample of changed) assert.ok(Math.abs(sample - 1000 / 0x8000) <= 8 / 0x8000);
  });

  const problems = {
    AUDIO_UNSUPPORTED: 'unsupported',
    AUDIO_DAMAGED: 'damaged',
    AUDIO_EMPTY: 'empty',
    AUDIO_TOO_LONG: 'too_long',
  } as const;
  const decode = (bytes: Uint8Array) =>
    decodeRecording(bytes, { maxSeconds: limits.maxSeconds, ffmpegPath: null });
  for (const name of Object.keys(uploadKinds) as UploadKindName[]) {
    const { shape, key, expected } = kindOf(name);
    if (key !== 'lesson line') continue;
    const code = expected.status === 'failed' ? expected.code : null;
    it(`of the kind "${shape}" are what their code says: ${code ?? 'fit to be scored'}`, async () => {
      const bytes = recordingBytes(shape, recording, 3, limits);
      if (code === 'AUDIO_TOO_LARGE') {
        assert.ok(bytes.length > limits.maxBytes);
        return;
      }
      if (code === null) {
        assert.ok((await decode(bytes)).length > 0);
        return;
      }
      const problem = problems[code as keyof typeof problems];
      await assert.rejects(
        decode(bytes),
        (error) => error instanceof AudioError && error.problem === problem,
      );
    });
  }
});

describe('the ids that the checker derives', () => {
  it('are those of the product, for every name', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    // S3 leaves neither version nor etag empty: what is empty is none, and what has neither has no id.
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.option(name, { nil: null }),
        name,
        (bucket, key, versionId, etag) => {
          const id = uploadIdOf({ bucket, key, versionId, etag });
          assert.equal(id, scoringIdOf({ bucket, key, versionId, etag }));
          assert.equal(workflowIdOf(id), workflowIdFor(id));
        },
      ),
    );
  });
});

describe('the options of a fault run', () => {
  it('have defaults for all', () => {
    assert.deepEqual(parseChaosOptions([]), {
      uploads: 120,
      seed: 1,
      minutes: 1.6,
      json: false,
      keep: false,
      reconcile: true,
      plant: null,
      ordinary: false,
      control: false,
    });
    const ordinary = ['--plant', 'delete-before-start', '--ordinary'];
    assert.equal(parseChaosOptions(ordinary)?.uploads, 120);
    assert.equal(parseChaosOptions(ordinary.slice(0, 2))?.uploads, 12);
    assert.equal(parseChaosOptions(['--help']), null);
  });

  it('are refused where they mean nothing', () => {
    for (const args of [
      ['--uploads', '0'],
      ['--uploads', 'many'],
      ['--seed', '-1'],
      ['--seed', ''],
      ['--minutes', '0'],
      ['--plant', 'nothing'],
      ['--ordinary'],
      ['--more'],
    ]) {
      assert.throws(() => parseChaosOptions(args), Error, args.join(' '));
    }
  });
});
