/** The ways a command can fail, and their exit codes. */
import { explain, type Refusal, type Result } from '../config/errors';
import { ENGLISH, sentence, type Speech, type Values } from './speech';

/** 0 done, 1 refused or failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** The command was understood, but refused or failed for a known reason. Exit 1. */
export class CommandRefused extends Error {
  constructor(
    message: string,
    /** For `{"error":{"code":…}}`. */
    readonly code: string = 'refused',
    /** The same for standard error, in the reader's language. */
    readonly say?: (speech: Speech) => string,
  ) {
    super(message);
    this.name = 'CommandRefused';
  }
}

/** A refusal of the console's own, by its English sentence. */
export function refusedAs(code: string, english: string, values: Values = {}): CommandRefused {
  const why = sentence(english, values);
  return new CommandRefused(ENGLISH.say(why), code, ({ say }) => say(why));
}

/** The command line itself is wrong; the English sentence says what was expected and what was given. Exit 2. */
export class WrongUsage extends Error {
  /** The same for standard error, in the reader's language. */
  readonly say: (speech: Speech) => string;

  constructor(english: string, values: Values = {}) {
    const why = sentence(english, values);
    super(ENGLISH.say(why));
    this.name = 'WrongUsage';
    this.say = ({ say }) => say(why);
  }
}

/** Turns a refusal into the error that ends a command. */
export function refusal(refused: Refusal): CommandRefused {
  return new CommandRefused(explain(refused, 'en'), refused.code, ({ language }) => explain(refused, language));
}

/** Returns a result's value; a refusal ends the command. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw refusal(result.refusal);
  return result.value;
}
