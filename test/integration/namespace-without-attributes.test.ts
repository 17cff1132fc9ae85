import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { isStartOutage } from '../../src/adapters/start-outage.ts';
import { createScoringStarter } from '../../src/adapters/temporal-scoring-starter.ts';
import { startScoring } from '../../src/adapters/temporal.ts';
import { loadConfig } from '../../src/config.ts';
import type { ScorePronunciationInput } from '../../src/contract.ts';
import { freePort } from '../../src/local/free-port.ts';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.ts';
import { createLog } from '../../src/log.ts';
import { startStarter } from '../../src/starter.ts';
import { connectPlainly, temporalBinary, temporaryFolder } from '../support/services.ts';

const INPUT: ScorePronunciationInput = {
  scoringId: 'a'.repeat(64),
  upload: { bucket: 'b', key: 'k', versionId: 'v', etag: 'e', sequencer: null },
  userId: '1',
  lesson: { contentType: 'novel', level: 1, title: 'T', line: 1 },
};

describe('a namespace without the search attributes of scorings', function () {
  this.timeout(120_000);
  let temporal: TemporalServer;
  let client: Client;

  before(async () => {
    const folder = temporaryFolder('bare-namespace');
    temporal = await startTemporalServer({
      binary: await temporalBinary(),
      port: await freePort(),
      searchAttributes: {},
      dataFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'temporal.log'),
    });
    client = await connectPlainly(temporal.address);
  });
  after(async () => {
    await client.connection.close();
    await temporal.stop();
  });

  it('is named by the starter when it starts, with the commands that mend it', async () => {
    const config = loadConfig({
      TEMPORAL_ADDRESS: temporal.address,
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/unused',
      UPLOAD_QUEUE: '',
      WEBHOOK_PORT: String(await freePort()),
      WEBHOOK_TOKEN: 'token-of-the-tests-0123456789-abcdef',
    });
    await assert.rejects(
      startStarter(config, createLog('starter', 'silent'), AbortSignal.timeout(5000)),
      /search-attribute create --name ElocuteLevel --type Int/,
    );
  });

  it('counts as refusing every start: no upload becomes a dead letter because of it', async () => {
    await assert.rejects(startScoring(client, 'none', INPUT), (error) => isStartOutage(error));
    await assert.rejects(createScoringStarter(client, 'none').start(INPUT), {
      code: 'TEMPORAL_UNAVAILABLE',
    });
  });
});
