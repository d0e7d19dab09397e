/** `completion`: prints a script with which the shell completes commands, options and choices. */
import { Argument, type Command, type Option } from 'commander';
import type { CommandContext } from '../answer';

const HELP = `
Examples:
  source <(npm run -s cli -- completion bash)                    for this shell
  npm run -s cli -- completion bash > ~/.bobcofer-completion     then source that file in ~/.bashrc

It completes the command bobcofer, and defines it as \`npm run -s cli --\` if there is no program of that name.`;

export function addCompletion(program: Command, { action }: CommandContext): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(
      action(async (shell: Shell) => {
        const script = completionScript(program, shell);
        return { json: { shell, script }, text: script };
      }),
    );
}

const SHELLS = ['bash', 'zsh'] as const;
type Shell = (typeof SHELLS)[number];

interface Entry {
  /** The words after the program's name, such as `campaign create`; empty for the program itself. */
  path: string;
  command: Command;
}

/** Names of arguments and options that take a file or folder. */
const FILE = /file|folder/i;

/** The completion script. zsh reads bash's through its own adapter. */
function completionScript(program: Command, shell: Shell): string {
  const script = bashScript(program.name(), entriesOf(program, ''));
  return shell === 'bash'
    ? script
    : `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${script}`;
}

function entriesOf(command: Command, path: string): Entry[] {
  return [
    { path, command },
    ...command.commands.flatMap((child) =>
      [child.name(), ...child.aliases()].flatMap((name) => entriesOf(child, path ? `${path} ${name}` : name)),
    ),
  ];
}

function bashScript(name: string, entries: readonly Entry[]): string {
  const root = entries[0]!.command;
  const globals = [...optionsOf(root).flatMap(flagsOf), '--help'];
  const paths = entries.flatMap(({ path }) => (path ? [path] : []));
  const words = entries.map(({ path, command }) => {
    const children = command.commands.flatMap((child) => [child.name(), ...child.aliases()]);
    const known = [...children, ...optionsOf(command).flatMap(flagsOf), ...choicesOfArguments(command), ...globals];
    return `    ${pattern(path)}) words="${[...new Set(known)].join(' ')}" ;;`;
  });
  const files = entries.filter(({ command }) =>
    command.registeredArguments.some((argument) => FILE.test(argument.name())),
  );
  const values = entries.flatMap(({ path, command }) => optionsOf(command).flatMap((option) => valuesOf(path, option)));
  return `# Completion of ${name}: source <(npm run -s cli -- completion bash), likewise zsh.
command -v ${name} >/dev/null || ${name}() { npm run -s cli -- "$@"; }
_${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" next words="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    case "$next" in
    ${paths.map(pattern).join('|')}) path="$next" ;;
    esac
  done
  case "$path $prev" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  case "$path" in
    ${files.map(({ path }) => pattern(path)).join('|')}) COMPREPLY+=($(compgen -f -- "$cur")) ;;
  esac
}
complete -o filenames -F _${name} ${name}
`;
}

/** One pattern for options whose values can be completed, and one for options that take any value. */
function valuesOf(path: string, option: Option): string[] {
  if (!option.required && !option.optional) return [];
  const patterns = flagsOf(option).map((flag) => `"${path} ${flag}"`);
  const reply = option.argChoices
    ? `compgen -W "${option.argChoices.join(' ')}" -- "$cur"`
    : FILE.test(option.flags)
      ? 'compgen -f -- "$cur"'
      : undefined;
  return [`    ${patterns.join('|')}) ${reply ? `COMPREPLY=($(${reply}))` : ':'}; return ;;`];
}

const optionsOf = (command: Command): Option[] => command.options.filter((option) => !option.hidden);
const flagsOf = ({ short, long }: Option): string[] => [short, long].filter((flag) => flag !== undefined);
const choicesOfArguments = (command: Command): string[] =>
  command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
const pattern = (path: string): string => `"${path}"`;
