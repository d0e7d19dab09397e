/** What a shell can complete: every command with its options, and of which kind the values are. */
import type { Argument, Command, Option } from 'commander';

export interface Entry {
  /** The words after the program's name, such as `campaign create`; empty for the program itself. */
  path: string;
  command: Command;
}

/** Values that are asked for while completing (commands/completion.ts). */
export const VALUE_KINDS = ['campaigns', 'lists', 'templates', 'senders'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** The hidden command that lists them. */
export const VALUES_COMMAND = '__values';

/** How a value can be completed. */
export type Values =
  | { from: 'choices'; choices: readonly string[] }
  | { from: 'files' }
  | { from: 'store'; kind: ValueKind }
  | { from: 'anything' };

export function entriesOf(command: Command, path = ''): Entry[] {
  return [
    { path, command },
    ...childrenOf(command).flatMap((child) =>
      namesOf(child).flatMap((name) => entriesOf(child, path ? `${path} ${name}` : name)),
    ),
  ];
}

/** Without those that are not for people. */
export const childrenOf = (command: Command): Command[] =>
  command.commands.filter((child) => child.name() !== VALUES_COMMAND);
export const namesOf = (command: Command): string[] => [command.name(), ...command.aliases()];
export const optionsOf = (command: Command): Option[] => command.options.filter((option) => !option.hidden);
export const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** Names of arguments and options that take a file or folder. */
const FILE = /file|folder/i;

export function valuesOfOption(option: Option): Values {
  if (option.argChoices) return { from: 'choices', choices: option.argChoices };
  const kind = kindOfOption(option);
  if (kind) return { from: 'store', kind };
  return { from: FILE.test(option.flags) ? 'files' : 'anything' };
}

/** Options with these names take such values wherever they stand. */
function kindOfOption({ long }: Option): ValueKind | undefined {
  switch (long) {
    case '--template':
      return 'templates';
    case '--list':
    case '--exclude-list':
      return 'lists';
    case '--sender':
      return 'senders';
    case '--campaign':
    case '--outcome':
    case '--exclude-campaign':
      return 'campaigns';
    default:
      return undefined;
  }
}

export function valuesOfArgument(path: string, argument: Argument): Values {
  if (argument.argChoices) return { from: 'choices', choices: argument.argChoices };
  if (FILE.test(argument.name())) return { from: 'files' };
  // The ids of recurring campaigns are Temporal's.
  const isCampaign = argument.name() === 'id' && !path.startsWith('campaign schedule');
  if (isCampaign) return { from: 'store', kind: 'campaigns' };
  if (argument.name() === 'list') return { from: 'store', kind: 'lists' };
  if (path === 'templates show' && argument.name() === 'name') return { from: 'store', kind: 'templates' };
  return { from: 'anything' };
}
