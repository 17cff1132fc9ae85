/** The command line: parses arguments, runs one command, turns its end into an exit code. */
import { CommanderError } from 'commander';
import { EXIT, exitCodeOf, explain } from './commands/exit-codes.ts';
import { createProgram } from './commands/program.ts';

const program = createProgram();

// `elocute failed | head`: who reads has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.ok);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else {
    const verbose = program.opts<{ verbose?: boolean }>().verbose === true;
    process.stderr.write(`${explain(error, verbose)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
