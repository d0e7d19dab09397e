/** How a command ends other than well, and the exit code of each way. */
import { explain, type Refusal, type Result } from '../config/errors';

/** 0 done, 1 refused or failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** The command was understood and the answer is no, or it failed for a reason that can be told. Exit 1. */
export class CommandRefused extends Error {
  constructor(
    message: string,
    /** For `{"error":{"code":…}}`. */
    readonly code: string = 'refused',
  ) {
    super(message);
    this.name = 'CommandRefused';
  }
}

/** The command line itself is wrong: what, what was expected, what was given. Exit 2. */
export class WrongUsage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WrongUsage';
  }
}

/** The refusal as what ends a command. */
export function refusal(refused: Refusal): CommandRefused {
  return new CommandRefused(explain(refused, 'en'), refused.code);
}

/** The value of a result; its refusal ends the command. */
export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw refusal(result.refusal);
  return result.value;
}
