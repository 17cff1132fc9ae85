/** All commands, as the command line and its tests have them. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addBatch } from './batch.ts';
import { addCompletion } from './completion.ts';
import { addBuild } from './build.ts';
import { addCompare } from './compare.ts';
import { addDemo } from './demo.ts';
import { addDlq } from './dlq.ts';
import { addDoctor } from './doctor.ts';
import { addEnv } from './env.ts';
import { addFailed } from './failed.ts';
import { addMigrate } from './migrate.ts';
import { addReplay } from './replay.ts';
import { addReport } from './report.ts';
import { addRescore } from './rescore.ts';
import { addReconcile } from './reconcile.ts';
import { addReview } from './review.ts';
import { addScore } from './score.ts';
import { addStandards } from './standards.ts';
import { addStatus } from './status.ts';
import { addToken } from './token.ts';
import { addUp } from './up.ts';
import { addUpload } from './upload.ts';
import { EXIT } from './exit-codes.ts';

export function createProgram(): Command {
  const program = new Command('elocute')
    .description('Durable scoring of spoken English.')
    .version(versionHere(), '--version', 'print the version')
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
  return program;
}

/** Of the package that this file is installed with. */
function versionHere(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
