/** `elocute doctor`: tries every dependency and says how to mend what is broken. */
import type { Command } from 'commander';
import { productionChecks } from './doctor-production.ts';
import { localChecks } from './doctor-local.ts';
import { coloursOf } from './colours.ts';
import { EXIT } from './exit-codes.ts';

/** `run` returns what it found, or throws; `mend` says what to do then. */
export interface Check {
  name: string;
  mend: string;
  run: () => Promise<string>;
}

interface Finding {
  name: string;
  ok: boolean;
  detail: string;
  mend: string | null;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check everything that Elocute needs and say how to mend what is missing')
    .option('--json', 'print the findings as JSON on standard output')
    .addHelpText(
      'after',
      `
With any variable of the configuration set, the services it names are checked too.
Exits with ${EXIT.unavailable} where anything is missing.

Examples:
  elocute doctor
  elocute doctor --json`,
    )
    .action(doctor);
}

async function doctor(options: { json?: boolean }): Promise<void> {
  const findings: Finding[] = [];
  const production = productionChecks(process.env);
  const checks = [...localChecks(process.env), ...production];
  for (const check of checks) {
    if (options.json !== true)
      process.stderr.write(`${coloursOf(process.stderr).dim(`… ${check.name}`)}\n`);
    const finding = await examine(check);
    findings.push(finding);
    if (options.json !== true) process.stdout.write(`${lineOf(finding)}\n`);
  }
  if (production.length === 0) {
    process.stderr.write(
      'Skipped: PostgreSQL, S3, SQS, Temporal and the speech service, as no variable of the configuration is set (see .env.example).\n',
    );
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify(findings)}\n`);
  if (findings.some(({ ok }) => !ok)) process.exitCode = EXIT.unavailable;
}

async function examine({ name, mend, run }: Check): Promise<Finding> {
  try {
    return { name, ok: true, detail: await run(), mend: null };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, ok: false, detail, mend };
  }
}

function lineOf({ name, ok, detail, mend }: Finding): string {
  const pc = coloursOf(process.stdout);
  const first = `${ok ? pc.green('✓') : pc.red('✗')} ${name}: ${detail}`;
  return mend === null ? first : `${first}\n    ${pc.yellow(mend)}`;
}
