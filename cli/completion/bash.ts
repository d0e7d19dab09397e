/** The completion script of bash, which zsh reads through its own adapter. */
import type { Option } from 'commander';
import { childrenOf, namesOf, optionsOf, takesValue, VALUES_COMMAND, type Entry, type Values } from './entries';
import { valuesOfArgument, valuesOfOption } from './entries';

export function zshScript(name: string, entries: readonly Entry[]): string {
  return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(name, entries)}`;
}

export function bashScript(name: string, entries: readonly Entry[]): string {
  const root = entries[0]!.command;
  const globals = [...optionsOf(root).flatMap(flagsOf), '--help'];
  const paths = entries.flatMap(({ path }) => (path ? [path] : []));
  const words = entries.map(({ path, command }) => {
    const known = [
      ...childrenOf(command).flatMap(namesOf),
      ...optionsOf(command).flatMap(flagsOf),
      ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      ...globals,
    ];
    return `    ${pattern(path)}) words="${[...new Set(known)].join(' ')}" ;;`;
  });
  const values = entries.flatMap(({ path, command }) =>
    optionsOf(command).flatMap((option) => valueLines(path, option)),
  );
  const ofArguments = entries.flatMap(({ path, command }) =>
    command.registeredArguments.flatMap((argument) => {
      const reply = more(valuesOfArgument(path, argument));
      return reply ? [`    ${pattern(path)}) [[ $cur == -* ]] || ${reply} ;;`] : [];
    }),
  );
  return `# Completion of ${name}: source <(npm run -s cli -- completion bash), likewise zsh.
command -v ${name} >/dev/null || ${name}() { npm run -s cli -- "$@"; }
_${name}_values() {
  local one
  while IFS= read -r one; do
    [[ $one == "$cur"* ]] && COMPREPLY+=("$one")
  done < <(${name} ${VALUES_COMMAND} "$1" 2>/dev/null)
}
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
${[...new Set(ofArguments)].join('\n')}
  esac
}
complete -o filenames -F _${name} ${name}
`;

  /** What adds the values to the reply. */
  function more(known: Values): string | undefined {
    switch (known.from) {
      case 'files':
        return 'COMPREPLY+=($(compgen -f -- "$cur"))';
      case 'store':
        return `_${name}_values ${known.kind}`;
      default:
        return undefined;
    }
  }

  /** One pattern for options whose values can be completed, and one for options that take any value. */
  function valueLines(path: string, option: Option): string[] {
    if (!takesValue(option)) return [];
    const known = valuesOfOption(option);
    const reply =
      known.from === 'choices' ? `COMPREPLY=($(compgen -W "${known.choices.join(' ')}" -- "$cur"))` : more(known);
    const patterns = flagsOf(option).map((flag) => `"${path} ${flag}"`);
    return [`    ${patterns.join('|')}) ${reply ?? ':'}; return ;;`];
  }
}

const flagsOf = ({ short, long }: Option): string[] => [short, long].filter((flag) => flag !== undefined);
const pattern = (path: string): string => `"${path}"`;
