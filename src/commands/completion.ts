/** `elocute completion`: what a shell needs to complete commands and options with the Tab key. */
import { Argument, type Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print what makes a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'which one').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  source <(elocute completion bash)                                    # in ~/.bashrc
  source <(elocute completion zsh)                                     # in ~/.zshrc, after compinit
  elocute completion fish > ~/.config/fish/completions/elocute.fish`,
    )
    .action((shell: (typeof SHELLS)[number]) => {
      process.stdout.write(completionScript(program, shell));
    });
}

/** The script for one shell, made of the commands themselves, so that none is forgotten. */
export function completionScript(program: Command, shell: (typeof SHELLS)[number]): string {
  const levels = levelsOf(program, []);
  if (shell === 'fish') return fishScript(program.name(), levels);
  const zsh = 'autoload -U +X bashcompinit && bashcompinit\n';
  return `${shell === 'zsh' ? zsh : ''}${bashScript(program.name(), levels)}`;
}

interface Word {
  text: string;
  description: string;
}

/** What may follow a command: `path` is empty for the program, `['dlq', 'list']` for a subcommand. */
interface Level {
  path: string[];
  commands: Word[];
  options: (Word & { short: string | null; takesValue: boolean; choices: readonly string[] })[];
  choices: readonly string[];
}

function levelsOf(command: Command, path: string[]): Level[] {
  const own: Level = {
    path,
    commands: command.commands.map((one) => ({
      text: one.name(),
      description: one.description(),
    })),
    options: [...command.options, ...command.createHelp().visibleOptions(command)]
      .filter((one, at, all) => all.findIndex(({ long }) => long === one.long) === at)
      .flatMap(({ long, short, description, required, optional, argChoices }) => {
        if (long == null) return [];
        const takesValue = required || optional;
        const choices = argChoices ?? [];
        return [{ text: long, short: short ?? null, description, takesValue, choices }];
      }),
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
  return [own, ...command.commands.flatMap((one) => levelsOf(one, [...path, one.name()]))];
}

/** Words that are files complete as files (`-o default`): a value, or an argument without choices. */
function bashScript(name: string, levels: Level[]): string {
  const cases = levels.map(({ path, commands, options, choices }) => {
    const words = [...commands.map(({ text }) => text), ...choices];
    return `    '${path.join(' ')}') words='${words.join(' ')}' options='${options.map(({ text }) => text).join(' ')}' ;;`;
  });
  const values = levels.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ text, choices }) => ({ at: `'${[...path, text].join(' ')}'`, choices })),
  );
  const free = values.filter(({ choices }) => choices.length === 0).map(({ at }) => at);
  const chosen = values
    .filter(({ choices }) => choices.length > 0)
    .map(({ at, choices }) => `    ${at}) words='${choices.join(' ')}' ;;\n`);
  const paths = levels.map(({ path }) => `'${path.join(' ')}'`);
  return `_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' word words='' options='' at
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    case "\${path:+$path }$word" in
    ${paths.slice(1).join(' | ')}) path="\${path:+$path }$word" ;;
    esac
  done
  word=\${COMP_WORDS[COMP_CWORD - 1]}
  case "\${path:+$path }$word" in
${chosen.join('')}    ${free.join(' | ')}) ;;
    *)
      case "$path" in
${cases.join('\n')}
      esac
      ;;
  esac
  if [[ $current == -* ]]; then words=$options; fi
  local one
  for one in $(compgen -W "$words" -- "$current"); do COMPREPLY+=("$one"); done
}
complete -o default -F _${name} ${name}
`;
}

function fishScript(name: string, levels: Level[]): string {
  const lines = levels.flatMap(({ path, commands, options, choices }) => {
    const where = `-n '${fishCondition(path, commands)}'`;
    const below = path.length === 0 ? '__fish_use_subcommand' : fishCondition(path, commands);
    return [
      ...commands.map(
        ({ text, description }) =>
          `complete -c ${name} -f -n '${below}' -a '${text}' -d '${quoted(description)}'`,
      ),
      ...(choices.length > 0 ? [`complete -c ${name} -f ${where} -a '${choices.join(' ')}'`] : []),
      ...options.map(({ text, short, description, takesValue, choices: values }) => {
        const parts = [`-l ${text.slice(2)}`];
        if (short !== null) parts.push(`-s ${short.slice(1)}`);
        if (takesValue) parts.push(values.length > 0 ? `-x -a '${values.join(' ')}'` : '-r');
        return `complete -c ${name} ${where} ${parts.join(' ')} -d '${quoted(description)}'`;
      }),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** All of the path was given, and none of what may come below it. */
function fishCondition(path: string[], below: Word[]): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const names = below.map(({ text }) => text).join(' ');
  if (names !== '') seen.push(`not __fish_seen_subcommand_from ${names}`);
  return seen.length === 0 ? 'true' : seen.join('; and ');
}

function quoted(text: string): string {
  return text.replaceAll("'", '');
}
