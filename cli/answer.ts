/** What a command answers, and the only place that prints it. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import type { ExitCode } from './errors';
import type { Services } from './services';
import { ENGLISH, type Sayable } from './speech';
import type { Terminal } from './terminal';

export interface Answer {
  /** The document for `--json`. Dates become ISO 8601. */
  json: unknown;
  /** The text for people, whole or in pieces. Nothing is printed when it is empty. */
  text: string | AsyncIterable<string>;
  /** The command worked, but the outcome is a failure: the reason, for standard error and the document. Exit 1. */
  failure?: Sayable;
  /** The same for standard error, where people see other words than scripts. */
  failureSaid?: string;
}

/** The command's words and the campaign it is about; no value that somebody typed, which may be a person's. */
function commandOf(given: readonly unknown[]): { what: string; campaignId?: string } {
  const command = given.find((one): one is Command => one instanceof Command);
  const words: string[] = [];
  for (let at: Command | null | undefined = command; at?.parent; at = at.parent) words.unshift(at.name());
  const [first] = given;
  const isAboutCampaign =
    command?.registeredArguments[0]?.name() === 'id' && words[0] !== 'users' && words[1] !== 'schedule';
  return {
    what: words.join(' '),
    ...(isAboutCampaign && typeof first === 'string' && { campaignId: first }),
  };
}

/** The document of `--json`: a failure stands in it too. A list says of each of its entries what is wrong. */
function documentOf({ json, failure }: Answer): unknown {
  if (failure === undefined || Array.isArray(json)) return json;
  return { ...(json as object), error: { code: 'failed', message: ENGLISH.say(failure) } };
}

/** What every command gets. */
export interface CommandContext {
  terminal: Terminal;
  services: Services;
  environment: NodeJS.ProcessEnv;
  /** Wraps a command's action: runs it and prints its answer once. `work` gets commander's arguments and options. */
  action<Arguments extends unknown[]>(
    work: (...given: Arguments) => Promise<Answer>,
  ): (this: Command, ...given: Arguments) => Promise<void>;
}

/** The context, and the exit code after the command has answered. */
export function createCommandContext(
  terminal: Terminal,
  services: Services,
  environment: NodeJS.ProcessEnv,
): { context: CommandContext; exitCode: () => ExitCode } {
  let exitCode: ExitCode = 0;
  const context: CommandContext = {
    terminal,
    services,
    environment,
    action:
      (work) =>
      async (...given) => {
        const command = commandOf(given);
        // Whatever takes long says so.
        terminal.doing(terminal.speech.t('`{{command}}` is at work', { command: command.what }));
        const answer = await work(...given).finally(() => services.audit(command));
        if (answer.failure !== undefined) {
          exitCode = 1;
          terminal.note(answer.failureSaid ?? terminal.speech.say(answer.failure));
        }
        const { text } = answer;
        if (terminal.json) terminal.stdout.write(`${JSON.stringify(documentOf(answer))}\n`);
        else if (typeof text !== 'string') await pipeline(Readable.from(text), terminal.stdout, { end: false });
        else if (text !== '') terminal.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      },
  };
  return { context, exitCode: () => exitCode };
}
