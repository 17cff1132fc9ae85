/**
 * Run as a process of its own: a worker whose analyses go wrong on hostile recordings
 * (mortal-analysis.ts). Asked over its channel, it says how long its event loop kept others waiting
 * since it was asked before.
 */
import { TIME_LIMITS } from '../../src/adapters/analysis-time.ts';
import { unobserved } from '../../src/adapters/open-observation.ts';
import { threadModule } from '../../src/adapters/thread-module.ts';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { measureLoopDelay } from '../../src/observe/loop-delay.ts';
import { startWorker } from '../../src/worker.ts';
import { measureBlocks } from './measure-blocks.ts';

const worker = await startWorker(loadConfig(process.env), unobserved, {
  log: createLog('worker', 'warn'),
  analysis: {
    module: threadModule('mortal-analysis', import.meta.url),
    timeLimits: { ...TIME_LIMITS, mostMs: Number(process.argv[2]) },
  },
});
const delay = measureLoopDelay();
const blocks = measureBlocks();
process.on('message', () => process.send?.({ ...delay.read(), ...blocks.read() }));
process.once('SIGTERM', () => worker.stop());
process.send?.('ready');
await worker.done;
process.exit();
