/** `npm run bench:demo`: how long the demo takes here, kept in bench/results/demo.json. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const started = performance.now();
const demo = spawnSync('npm', ['run', '-s', 'demo', '--', '--json'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const seconds = Math.round((performance.now() - started) / 100) / 10;
if (demo.status !== 0) throw new Error(`The demo ended with ${demo.status ?? demo.signal ?? '?'}.`);

const result = {
  what: 'npm run -s demo -- --json, build included, caches warm',
  date: new Date().toISOString().slice(0, 10),
  machine: {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  },
  scorings: demo.stdout.trim().split('\n').length,
  seconds,
};
const folder = new URL('results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('demo.json', folder), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(result)}\n`);
