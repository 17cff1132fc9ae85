import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Argument, Command, Option } from 'commander';
import { createProgram } from '../../src/commands/program.ts';
import { completionScript } from '../../src/commands/completion.ts';

function program(): Command {
  const made = new Command('elocute').option('--verbose', 'show stack traces');
  made.command('score <learner>').option('--json', 'print JSON').option('--standard <wav>', 'it');
  made
    .command('report <id>')
    .addOption(new Option('--lang <language>', 'its language').choices(['en', 'ko']));
  const dlq = made.command('dlq').description("the learner’s and others' letters");
  dlq.command('list').option('--max <n>', 'at most');
  dlq.command('redrive [ids...]').option('--dry-run', 'send nothing');
  made.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']));
  return made;
}

/** What bash offers after these words, the last of which is being typed. */
function offered(...words: string[]): string[] {
  return offeredBy(completionScript(program(), 'bash'), ...words);
}

function offeredBy(completion: string, ...words: string[]): string[] {
  const script = `${completion}
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _elocute; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}

describe('the program', () => {
  const names = createProgram().commands.map((command) => command.name());

  it('has an example in the help of every command', () => {
    const missing = (command: Command): string[] => {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) });
      command.outputHelp();
      const own = new RegExp(`\\nExamples?:\\n[^]*elocute ${pathOf(command)}`).test(help);
      return [...(own ? [] : [pathOf(command)]), ...command.commands.flatMap(missing)];
    };
    const pathOf = (command: Command): string => {
      const above = command.parent?.parent ? `${pathOf(command.parent)} ` : '';
      return `${above}${command.name()}`;
    };
    assert.deepEqual(createProgram().commands.flatMap(missing), []);
  });

  it('is completed whole in each shell', () => {
    assert.ok(names.length >= 20);
    const script = (shell: 'bash' | 'zsh' | 'fish') => completionScript(createProgram(), shell);
    assert.deepEqual(offeredBy(script('bash'), 'elocute', ''), names);
    assert.ok(script('zsh').endsWith(script('bash')));
    for (const name of names) assert.match(script('fish'), new RegExp(` -a '${name}'( |$)`, 'm'));
  });

  it('prints its version', () => {
    let printed = '';
    const program = createProgram().configureOutput({ writeOut: (text) => (printed += text) });
    assert.throws(() => program.parse(['--version'], { from: 'user' }), { exitCode: 0 });
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.equal(printed, `${version}\n`);
  });
});

describe('completion in a shell', () => {
  it('offers the commands, then the commands below one', () => {
    assert.deepEqual(offered('elocute', ''), ['score', 'report', 'dlq', 'completion']);
    assert.deepEqual(offered('elocute', '--verbose', 're'), ['report']);
    assert.deepEqual(offered('elocute', 'dlq', ''), ['list', 'redrive']);
  });

  it('offers the options of the command that is meant, below another one too', () => {
    assert.deepEqual(offered('elocute', 'dlq', 'redrive', '--'), ['--dry-run', '--help']);
    assert.deepEqual(offered('elocute', 'score', 'list', '--s'), ['--standard']);
  });

  it('offers what an option or argument may be, and files where it may be anything', () => {
    assert.deepEqual(offered('elocute', 'report', '--lang', ''), ['en', 'ko']);
    assert.deepEqual(offered('elocute', 'completion', 'z'), ['zsh']);
    assert.deepEqual(offered('elocute', 'dlq', 'list', '--max', ''), []);
    assert.match(completionScript(program(), 'bash'), /complete -o default /);
  });

  it('writes what zsh and fish read, with no quote that would end a string', () => {
    assert.match(completionScript(program(), 'zsh'), /^autoload -U \+X bashcompinit/);
    const fish = completionScript(program(), 'fish').trim().split('\n');
    for (const line of fish) {
      assert.match(line, /^complete -c elocute /);
      assert.equal((line.match(/'/g) ?? []).length % 2, 0, line);
    }
    assert.ok(fish.some((line) => line.includes("-a 'list'") && line.includes('from dlq')));
  });
});
