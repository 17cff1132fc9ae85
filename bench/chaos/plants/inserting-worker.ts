/** A worker with a bug: it inserts its rows without a look at what is there. */
import { Runtime, Worker } from '@temporalio/worker';
import { databaseUrlOf } from '../../../src/adapters/migrated-secrets.ts';
import { openDatabase } from '../../../src/adapters/postgres.ts';
import { loadConfig } from '../../../src/config.ts';
import { runMain } from '../../../src/main-process.ts';
import { startWorker } from '../../../src/worker.ts';
import { insertingActivities } from './inserting-activities.ts';

await runMain(async (stopped) => {
  const config = loadConfig(process.env);
  Runtime.install({ shutdownSignals: [] });
  const database = openDatabase({
    connectionString: await databaseUrlOf(config),
    poolSize: config.DATABASE_POOL,
  });
  // In the client, so that the worker itself is the real one, whatever it is made of.
  const create = Worker.create.bind(Worker);
  Worker.create = (options) =>
    create({ ...options, activities: { ...options.activities, ...insertingActivities(database) } });
  const worker = await startWorker(config);
  stopped.addEventListener('abort', () => worker.stop());
  process.send?.('ready');
  await worker.done;
  await database.close();
});
