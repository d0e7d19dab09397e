/** `stack.json`: where a local stack is found by every other command. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `<BOBCOFER_HOME>/stack.json`, written by `npm start` once everything answers. */
export interface StackFile {
  temporalAddress: string;
  temporalUi: string;
  mongodbUri: string;
  webhooksUrl: string;
  chatUrl: string;
  /** Where a role answers /healthz, /readyz and /metrics. */
  health: Record<string, string>;
  /** Process id of each role: temporal, mongodb, sandbox, worker, bot, webhooks, start. */
  processes: Record<string, number>;
  /** Settings of the local stand-ins, by variable name. */
  settings: Record<string, string>;
}

/** The running (or last) local stack of this home, if one was ever started. */
export function readStackFile(home: string): StackFile | undefined {
  const path = join(home, 'stack.json');
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StackFile;
  } catch (cause) {
    throw new Error(`cannot read ${path}: expected JSON as npm start writes it; delete the file and start anew`, {
      cause,
    });
  }
}
