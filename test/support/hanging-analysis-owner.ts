/** Run as a process of its own: an analysis that never ends, of whose process it says the pid. */
import { openAnalysisEngines } from '../../src/adapters/analysis-engines.ts';
import { threadModule } from '../../src/adapters/thread-module.ts';
import { hostile } from './mortal-analysis.ts';
import { runningProcesses } from './processes.ts';

const engines = await openAnalysisEngines({
  threads: 1,
  maxSeconds: 12,
  module: threadModule('mortal-analysis', import.meta.url),
});
const children = () =>
  runningProcesses().filter(({ parent, command }) => {
    return parent === process.pid && command.includes('pool-child');
  });
void engines.trackPitch(hostile('loops'), new AbortController().signal);
process.stdout.write(`${JSON.stringify(children().map(({ pid }) => pid))}\n`);
