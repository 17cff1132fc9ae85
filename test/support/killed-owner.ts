/**
 * Run as a process of its own: takes the folder given, starts and records a child there, says both
 * pids on standard output, and waits to be killed. With a second argument, `trap`, the child
 * ignores SIGINT.
 */
import { spawn } from 'node:child_process';
import { lockFolder } from '../../src/local/folder-lock.ts';
import { recordProcess } from '../../src/local/process-record.ts';

const [folder = '', mode] = process.argv.slice(2);
lockFolder(folder);
const script = `${mode === 'trap' ? "process.on('SIGINT', () => {});" : ''}
  setInterval(() => {}, 1000); process.stdout.write('up');`;
const child = spawn(process.execPath, ['-e', script], {
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
});
child.stdout.once('data', () => {
  recordProcess(folder, 'child', child.pid ?? 0);
  process.stdout.write(`${JSON.stringify({ owner: process.pid, child: child.pid })}\n`);
});
