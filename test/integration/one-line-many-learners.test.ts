import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buildWav, encodeSamples } from '../support/build-wav.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
} from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';
import { startScriptedSpeech, type ScriptedSpeech } from '../support/scripted-speech.ts';

const SCORINGS = 50;
type Payloads = { payloads?: { data?: Uint8Array | null }[] | null } | null | undefined;

interface Payload {
  recording?: { role: string };
  analysis?: { cached: boolean };
}

/** The first argument, or the result, of an activity. */
function payloadOf(payloads: Payloads): Payload {
  return JSON.parse(Buffer.from(payloads?.payloads?.[0]?.data ?? []).toString()) as Payload;
}

const pair = lessonPair(25);

describe('fifty learners who finish one line in the same second', function () {
  this.timeout(180_000);
  let speech: ScriptedSpeech;
  let world: LocalWorld;
  before(async () => {
    speech = await startScriptedSpeech('Then she turned to him');
    world = await openWorld({
      speechEndpoint: `127.0.0.1:${speech.port}`,
      environment: { SPEECH_CONCURRENCY: '50', ANALYSIS_THREADS: '2' },
    });
  });
  after(async () => {
    await world.close();
    speech.close();
  });

  it('have the standard recognised, tracked and aligned once, and one row each', async () => {
    const lesson = { contentType: 'novel', level: 1, title: 'Together', line: 1 };
    // Without a sentence beside it, the standard has to be recognised too.
    await putStandard(world, lesson, readFileSync(pair.standard), null);
    const recording = readFileSync(pair.learner);
    const uploads = await Promise.all(
      Array.from({ length: SCORINGS }, (_, user) =>
        putLearner(world, lesson, recording, String(user + 1)),
      ),
    );
    const outcomes = await Promise.all(uploads.map((upload) => outcomeOf(world, upload)));
    for (const { ours, application } of outcomes) {
      assert.deepEqual(
        [...ours, ...application].map((row) => row['status']),
        ['completed', 'completed'],
      );
    }
    // All fifty read the same recording too: two contents, so two calls, whoever uploaded them.
    assert.equal(speech.requests.length, 2);
    const kept = await world.database.query<{ kind: string; count: number }>(
      'select kind, count(*)::int from elocute.analysis group by kind order by kind',
    );
    assert.deepEqual(kept, [
      { kind: 'alignment', count: 2 },
      { kind: 'pitch', count: 2 },
      { kind: 'score', count: 1 },
      { kind: 'transcript', count: 2 },
    ]);
    // One row each would also be left by fifty who computed the same: the results tell who did.
    const computed = await Promise.all(uploads.map(({ workflowId }) => computedBy(workflowId)));
    assert.deepEqual(computed.flat().sort(), [
      'alignPhones learner',
      'alignPhones standard',
      'scoreRecording',
      'trackPitch learner',
      'trackPitch standard',
      'transcribeSpeech learner',
      'transcribeSpeech standard',
    ]);
  });

  it('have the versions of formula, model and all five engines in their rows', async () => {
    const rows = await world.database.query<{ versions: Record<string, string | null> }>(
      `select distinct result -> 'versions' as versions from elocute.scoring`,
    );
    assert.equal(rows.length, 1);
    const versions = rows[0]?.versions ?? {};
    assert.deepEqual(Object.keys(versions).sort(), [
      'aligner',
      'formula',
      'model',
      'pitch',
      'recogniser',
      'standardAligner',
      'standardPitch',
    ]);
    assert.ok(Object.values(versions).every((version) => version !== null));
    assert.match(versions['recogniser'] ?? '', /^google speech v1 /);
    assert.match(versions['aligner'] ?? '', /^soundswallower/);
  });

  /** The steps of one scoring whose result was not kept from before, with whose recording it was. */
  async function computedBy(workflowId: string): Promise<string[]> {
    const { events } = await world.client.workflow.getHandle(workflowId).fetchHistory();
    const scheduled = new Map<string, string>();
    const computed: string[] = [];
    for (const event of events ?? []) {
      const begun = event.activityTaskScheduledEventAttributes;
      const ended = event.activityTaskCompletedEventAttributes;
      if (begun != null) {
        const { recording } = payloadOf(begun.input);
        const name = [begun.activityType?.name, recording?.role].filter(Boolean).join(' ');
        scheduled.set(String(event.eventId), name);
      }
      if (ended == null) continue;
      const { analysis } = payloadOf(ended.result);
      const name = scheduled.get(String(ended.scheduledEventId));
      if (analysis?.cached === false && name !== undefined) computed.push(name);
    }
    return computed;
  }

  it('send 16 kHz mono to the speech service, whatever came in, and never the sentence', async () => {
    const lesson = { contentType: 'novel', level: 1, title: 'Together', line: 2 };
    await putStandard(world, lesson, readFileSync(pair.standard), 'Then she turned to him.');
    const seconds = 3;
    const stereo = Array.from({ length: 44_100 * seconds * 2 }, (_, at) => {
      const hz = at % 2 === 0 ? 180 : 220;
      return 0.3 * Math.sin((2 * Math.PI * hz * Math.floor(at / 2)) / 44_100);
    });
    const data = encodeSamples(stereo, 1, 16);
    const wav = buildWav({ data, channels: 2, sampleRateHz: 44_100 });
    const before = speech.requests.length;
    await outcomeOf(world, await putLearner(world, lesson, wav));
    const [sent, ...more] = speech.requests.slice(before).map(({ audio }) => audio.content);
    assert.equal(more.length, 0);
    // A 16-bit sample takes two bytes.
    const samples = ((sent?.length ?? 0) - 44) / 2;
    assert.ok(Math.abs(samples - 16_000 * seconds) <= 1, `${samples} samples`);
    for (const { config, audio } of speech.requests) {
      assert.equal(config.sampleRateHertz, 16_000);
      assert.equal(config.audioChannelCount, 1);
      assert.deepEqual(config.speechContexts, []);
      assert.equal(audio.content.toString('latin1', 0, 4), 'RIFF');
      assert.equal(audio.content.readUInt16LE(22), 1, 'channels');
      assert.equal(audio.content.readUInt32LE(24), 16_000, 'sample rate');
    }
  });
});
