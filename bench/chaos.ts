/** `npm run chaos`: breaks everything by a seeded plan, and checks that no upload was lost. */
import { InterruptedError } from '../src/commands/exit-codes.ts';
import { interruptible } from '../src/commands/interrupts.ts';
import { parseChaosOptions, USAGE, type ChaosOptions } from './chaos/options.ts';
import { runChaos } from './chaos/run-chaos.ts';
import { showVerdict } from './chaos/show-verdict.ts';

const EXIT = { breach: 1, usage: 2, interrupted: 130 };
const report = (line: string) => void process.stderr.write(`${line}\n`);

try {
  const options = parseChaosOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(USAGE);
  else await run(options);
} catch (error) {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof InterruptedError ? EXIT.interrupted : EXIT.usage;
}

async function run(options: ChaosOptions): Promise<void> {
  const verdict = await interruptible((signal) => runChaos(options, signal, report));
  process.stdout.write(
    options.json ? `${JSON.stringify(verdict, null, 2)}\n` : `${showVerdict(verdict)}\n`,
  );
  if (!verdict.passed) process.exitCode = EXIT.breach;
}
