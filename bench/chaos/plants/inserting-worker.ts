/** A worker with a bug: it inserts its rows without a look at what is there. */
import { Runtime } from '@temporalio/worker';
import { databaseUrlOf } from '../../../src/adapters/migrated-secrets.ts';
import { openDatabase } from '../../../src/adapters/postgres.ts';
import { openDependencies } from '../../../src/adapters/worker-dependencies.ts';
import { loadConfig } from '../../../src/config.ts';
import { runMain } from '../../../src/main-process.ts';
import { startWorker } from '../../../src/worker.ts';
import { createInsertingStore } from './inserting-store.ts';

await runMain(async (stopped) => {
  const config = loadConfig(process.env);
  Runtime.install({ shutdownSignals: [] });
  const database = openDatabase({
    connectionString: await databaseUrlOf(config),
    poolSize: config.DATABASE_POOL,
  });
  const worker = await startWorker(config, async (given) => {
    const opened = await openDependencies(given);
    const scorings = createInsertingStore(database, opened.activities.scorings);
    return { ...opened, activities: { ...opened.activities, scorings } };
  });
  stopped.addEventListener('abort', () => worker.stop());
  process.send?.('ready');
  await worker.done;
  await database.close();
});
