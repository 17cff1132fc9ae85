/** The command line: parses arguments, runs one command, turns its end into an exit code. */
import { Command, CommanderError } from 'commander';
import { addBatch } from './commands/batch.ts';
import { addCompletion } from './commands/completion.ts';
import { addBuild } from './commands/build.ts';
import { addCompare } from './commands/compare.ts';
import { addDemo } from './commands/demo.ts';
import { addDlq } from './commands/dlq.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEnv } from './commands/env.ts';
import { EXIT, exitCodeOf, explain } from './commands/exit-codes.ts';
import { addFailed } from './commands/failed.ts';
import { addMigrate } from './commands/migrate.ts';
import { addReplay } from './commands/replay.ts';
import { addReport } from './commands/report.ts';
import { addRescore } from './commands/rescore.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addReview } from './commands/review.ts';
import { addScore } from './commands/score.ts';
import { addStandards } from './commands/standards.ts';
import { addStatus } from './commands/status.ts';
import { addToken } from './commands/token.ts';
import { addUp } from './commands/up.ts';
import { addUpload } from './commands/upload.ts';

const program = new Command('elocute')
  .description('Durable scoring of spoken English.')
  .option('--verbose', 'show stack traces')
  .showHelpAfterError('(elocute --help lists the commands)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes:
  ${EXIT.ok}    done
  ${EXIT.failed}    the scoring failed, or ended without a score
  ${EXIT.usage}    wrong arguments or configuration
  ${EXIT.unavailable}    something that is needed is missing or does not answer
  ${EXIT.interrupted}  interrupted`,
  );

for (const add of [
  addUp,
  addEnv,
  addDemo,
  addUpload,
  addScore,
  addStatus,
  addReport,
  addFailed,
  addReplay,
  addReconcile,
  addReview,
  addStandards,
  addDlq,
  addRescore,
  addBatch,
  addToken,
  addBuild,
  addCompare,
  addDoctor,
  addMigrate,
  addCompletion,
]) {
  add(program);
}

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
