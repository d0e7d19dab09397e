/** The completion script of fish, with what each command and option is for. */
import type { Command, Option } from 'commander';
import { childrenOf, namesOf, optionsOf, takesValue, VALUES_COMMAND, type Entry, type Values } from './entries';
import { valuesOfArgument, valuesOfOption } from './entries';

export function fishScript(name: string, entries: readonly Entry[]): string {
  const at = `__${name}_at`;
  const paths = entries.flatMap(({ path }) => (path ? [quoted(path)] : []));
  const lines = entries.flatMap(({ path, command }) => {
    const when = `complete -c ${name} -n ${quoted(`${at} ${quoted(path)}`)}`;
    return [
      ...childrenOf(command).flatMap((child) =>
        namesOf(child).map((word) => `${when} -a ${word} -d ${quoted(firstSentence(child))}`),
      ),
      ...optionsOf(command).map((option) => optionLine(when, option)),
      ...command.registeredArguments.flatMap((argument) => {
        const values = valuesOfArgument(path, argument);
        return values.from === 'anything' ? [] : [`${when} ${flagsOf(values)}`];
      }),
    ];
  });
  const globals = optionsOf(entries[0]!.command).map((option) => optionLine(`complete -c ${name}`, option));
  return `# Completion of ${name}: npm run -s cli -- completion fish | source
type -q ${name}; or function ${name}; npm run -s cli -- $argv; end
function ${at}
    set -l path ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$path $word")
        if contains -- $next ${paths.join(' ')}
            set path $next
        end
    end
    test "$path" = "$argv[1]"
end
complete -c ${name} -f
complete -c ${name} -l help -d 'show the usage'
${[...new Set([...globals, ...lines])].join('\n')}
`;

  function optionLine(when: string, option: Option): string {
    const flags = [option.short && `-s ${option.short.slice(1)}`, option.long && `-l ${option.long.slice(2)}`];
    const value = takesValue(option) ? ` -r ${flagsOf(valuesOfOption(option))}`.trimEnd() : '';
    return `${when} ${flags.filter(Boolean).join(' ')}${value} -d ${quoted(option.description)}`;
  }

  function flagsOf(values: Values): string {
    switch (values.from) {
      case 'choices':
        return `-f -a ${quoted(values.choices.join(' '))}`;
      case 'files':
        return '-F';
      case 'store':
        return `-f -a ${quoted(`(${name} ${VALUES_COMMAND} ${values.kind} 2>/dev/null)`)}`;
      case 'anything':
        return '-f';
    }
  }
}

const firstSentence = (command: Command): string => command.description().split(/[.;] /)[0] ?? '';
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
