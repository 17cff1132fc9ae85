/** Run as a process of its own: starts PostgreSQL in the folder given and waits to be killed. */
import { join } from 'node:path';
import { startPostgres } from '../../src/local/postgres-server.ts';

const [folder = '', sharedRoot = ''] = process.argv.slice(2);
const { pid, url } = await startPostgres({
  dataDir: join(folder, 'postgres'),
  logFile: join(folder, 'postgres.log'),
  ephemeral: true,
  sharedRoot,
});
process.stdout.write(`${JSON.stringify({ pid, url })}\n`);
