/** What a command answers, and the one place where it is written out. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ExitCode } from './errors';
import type { Services } from './services';
import type { Terminal } from './terminal';

export interface Answer {
  /** The document for `--json`. Dates become ISO 8601. */
  json: unknown;
  /** What a person reads, whole or in pieces. Nothing is written when it is empty. */
  text: string | AsyncIterable<string>;
  /** The command did its work and the outcome is a failure: why, for standard error. Exit 1. */
  failure?: string;
}

/** What every command is made with. */
export interface CommandContext {
  terminal: Terminal;
  services: Services;
  environment: NodeJS.ProcessEnv;
  /** Makes the action of a command: runs it, writes its answer once. `work` gets commander's arguments and options. */
  action<Arguments extends unknown[]>(
    work: (...given: Arguments) => Promise<Answer>,
  ): (this: Command, ...given: Arguments) => Promise<void>;
}

/** The context, and the exit code that the answered command has left. */
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
        const answer = await work(...given);
        if (answer.failure !== undefined) {
          exitCode = 1;
          terminal.note(answer.failure);
        }
        const { text } = answer;
        if (terminal.json) terminal.stdout.write(`${JSON.stringify(answer.json)}\n`);
        else if (typeof text !== 'string') await pipeline(Readable.from(text), terminal.stdout, { end: false });
        else if (text !== '') terminal.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      },
  };
  return { context, exitCode: () => exitCode };
}
