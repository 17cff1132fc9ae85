import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

  it('send 16 kHz mono to the speech service, and never the sentence', () => {
    for (const { config, audio } of speech.requests) {
      assert.equal(config.sampleRateHertz, 16_000);
      assert.ok(config.audioChannelCount <= 1);
      assert.deepEqual(config.speechContexts, []);
      assert.equal(audio.content.toString('latin1', 0, 4), 'RIFF');
      assert.equal(audio.content.readUInt16LE(22), 1, 'channels');
      assert.equal(audio.content.readUInt32LE(24), 16_000, 'sample rate');
    }
  });
});
