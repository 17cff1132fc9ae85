/** Run as a process of its own: starts a server, says its pid, and dies of an uncaught error. */
import { join } from 'node:path';
import { startServerProcess } from '../../src/local/server-process.ts';

const [folder = ''] = process.argv.slice(2);
const { pid } = await startServerProcess({
  name: 'Example',
  command: process.execPath,
  args: ['-e', 'setInterval(() => {}, 1000)'],
  logFile: join(folder, 'server.log'),
  readyWithinMs: 10_000,
  isReady: () => Promise.resolve(true),
});
process.stdout.write(`${pid}\n`, () => {
  setImmediate(() => {
    throw new Error('an uncaught error, on purpose');
  });
});
