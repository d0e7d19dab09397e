/** Questions on the terminal. */
import { Writable } from 'node:stream';
import input from '@inquirer/input';
import select from '@inquirer/select';
import type { Screen } from '../terminal';

export interface Asker {
  choose<T>(message: string, choices: readonly { name: string; value: T; description?: string }[]): Promise<T>;
  /** Never empty. */
  text(message: string): Promise<string>;
}

export interface AskStreams {
  input: NodeJS.ReadableStream;
  output: Screen;
}

/** Fits a small window. */
const PAGE = 12;

/** When Ctrl-C ends a question, it rejects with an error that `wasInterrupted` recognises. */
export function createAsker({ input: keys, output }: AskStreams): Asker {
  // Each question closes its output stream, but the screen must stay open.
  const streams = (): { input: NodeJS.ReadableStream; output: Writable } => {
    const page = new Writable({ write: (chunk, encoding, done) => void output.write(chunk, encoding, () => done()) });
    return { input: keys, output: Object.assign(page, { isTTY: output.isTTY, columns: output.columns }) };
  };
  return {
    choose: (message, choices) => select({ message, choices, pageSize: PAGE, loop: false }, streams()),
    text: async (message) => (await input({ message, required: true }, streams())).trim(),
  };
}

/** Whether the person pressed Ctrl-C or closed the terminal. */
export function wasInterrupted(error: unknown): boolean {
  return error instanceof Error && ['ExitPromptError', 'AbortPromptError'].includes(error.name);
}
