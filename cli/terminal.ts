/** A command's output: its answer goes to standard output, everything else to standard error. */
import type { Writable } from 'node:stream';
import type { Actor } from '../domain/story/actor';
import { createPatience } from './patience';
import { ENGLISH, type Speech } from './speech';

/** A stream that may be a screen. */
export type Screen = Writable & { isTTY?: boolean; columns?: number };

export interface Terminal {
  /** Standard output must hold exactly one JSON document. */
  json: boolean;
  /** Columns of the screen behind standard output; undefined for a file or a pipe, which take any width. */
  width: number | undefined;
  colours: boolean;
  /** Standard error is a screen, so a progress bar makes sense. */
  live: boolean;
  /** The language in which people are spoken to. */
  speech: Speech;
  stdout: Writable;
  stderr: Writable;
  /** Writes a line to standard error. */
  note(message: string): void;
  /** What the command is at; said on standard error while it takes long. */
  doing(what: string): void;
  /** A bar has moved on standard error. */
  moved(): void;
  /** The command has ended. */
  end(): void;
}

export function createTerminal(options: {
  stdout: Screen;
  stderr: Screen;
  json: boolean;
  environment: NodeJS.ProcessEnv;
  speech?: Speech;
}): Terminal {
  const { stdout, stderr, json, environment, speech = ENGLISH } = options;
  const write = (line: string): void => void stderr.write(`${line}\n`);
  const patience = createPatience(write, { speech });
  return {
    json,
    width: stdout.isTTY ? (stdout.columns ?? 80) : undefined,
    colours: stdout.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb',
    live: stderr.isTTY === true,
    speech,
    stdout,
    stderr,
    note: (message) => {
      patience.said();
      write(message);
    },
    doing: (what) => patience.doing(speech.t(what)),
    moved: () => patience.said(),
    end: () => patience.stop(),
  };
}

export function actorText(actor: Actor): string {
  return actor.kind === 'telegram' ? `telegram ${actor.id}` : actor.kind;
}
