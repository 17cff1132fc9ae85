/** `elocute env`: the addresses of a running stack, for the shell of another program. */
import type { Command } from 'commander';
import { readStackFile } from '../local/stack-file.ts';
import { DEFAULT_DATA_FOLDER } from './command-environment.ts';
import { UnavailableError } from './exit-codes.ts';

export function addEnv(program: Command): void {
  program
    .command('env')
    .description('print the addresses and keys of a running `elocute up`, for a shell to take over')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  eval "$(elocute env)"')
    .action(({ data, json }: { data: string; json?: boolean }) => {
      const stack = readStackFile(data);
      if (stack === null) {
        throw new UnavailableError(`No stack runs in ${data}. Start \`elocute up\`.`);
      }
      const { environment } = stack;
      const text = json === true ? `${JSON.stringify(environment)}\n` : exportsOf(environment);
      process.stdout.write(text);
    });
}

/** Single quotes keep everything as it is, save themselves. */
function exportsOf(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
}
