/** `completion`: prints a script with which the shell completes commands, options, choices, and what is stored. */
import { Argument, type Command } from 'commander';
import { within } from '../../config/waiting';
import { bashScript, zshScript } from '../completion/bash';
import { entriesOf, VALUE_KINDS, VALUES_COMMAND, type Entry, type ValueKind } from '../completion/entries';
import { fishScript } from '../completion/fish';
import type { CommandContext } from '../answer';
import { CommandRefused, refusedAs } from '../errors';
import type { Services } from '../services';

const HELP = `
Examples:
  source <(npm run -s cli -- completion bash)                    for this shell
  npm run -s cli -- completion bash > ~/.bobcofer-completion     then source that file in ~/.bashrc
  npm run -s cli -- completion fish > ~/.config/fish/completions/bobcofer.fish

It completes the command bobcofer, and defines it as \`npm run -s cli --\` if there is no program of that name.
Ids of campaigns, names of lists, templates and senders come from the database while you type.`;

const SCRIPTS = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
} satisfies Record<string, (name: string, entries: readonly Entry[]) => string>;
type Shell = keyof typeof SCRIPTS;

export function addCompletion(program: Command, { services, action }: CommandContext): void {
  program
    .command('completion')
    .description('print a script that completes commands, options and names in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', HELP)
    .action(
      action(async (shell: Shell) => {
        const script = SCRIPTS[shell](program.name(), entriesOf(program));
        return { json: { shell, script }, text: script };
      }),
    );

  program
    .command(VALUES_COMMAND, { hidden: true })
    .description('what the completion scripts ask for, one value a line')
    .addArgument(new Argument('<kind>', 'which values').choices(VALUE_KINDS))
    .action(
      action(async (kind: ValueKind) => {
        // Somebody has pressed Tab and waits.
        const values = await within(ANSWER_WITHIN_MS, VALUES[kind](services)).catch((error: unknown) => {
          if (error instanceof CommandRefused) throw error;
          throw refusedAs('no_values', 'No {{kind}} to complete: {{why}}', { kind, why: String(error) });
        });
        return { json: values, text: values.join('\n') };
      }),
    );
}

const ANSWER_WITHIN_MS = 3_000;
const MOST = 200;

/** From the database and the settings alone: no service is asked. */
const VALUES: Record<ValueKind, (services: Services) => Promise<string[]>> = {
  campaigns: async ({ store }) => (await (await store()).campaigns.list({ limit: MOST })).map(({ _id }) => _id),
  lists: async ({ store }) => unique((await (await store()).lists.all(MOST)).map(({ name }) => name)),
  templates: async ({ store, senderApps }) => {
    const { templates } = await store();
    const all = await Promise.all(senderApps().map((sender) => templates.list(sender)));
    const names = all.flatMap((one) => one.templates.map(({ name, language }) => `${name}/${language}`));
    return unique(names).slice(0, MOST);
  },
  senders: async ({ senderApps }) => senderApps(),
};

const unique = (values: readonly string[]): string[] => [...new Set(values)];
