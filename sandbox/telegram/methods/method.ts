/** The type of a Bot API method here, and the parts of the sandbox it may use. */
import type { z } from 'zod';
import type { Files, Upload } from '../files';
import type { Messages } from '../messages';
import type { World } from '../state';
import type { UpdateQueue } from '../updates';

/** The call beyond its arguments. */
export interface Call {
  uploads: ReadonlyMap<string, Upload>;
  /** Aborted when the bot hangs up. */
  signal: AbortSignal;
}

export interface Method {
  /** The parameters it knows; required ones are those that are not optional (a test compares with the Bot API). */
  parameters: z.ZodObject;
  run(args: never, call: Call): unknown;
  /** setWebhook and deleteWebhook say in words what they did. */
  describe?: (result: unknown) => string;
}

export interface Parts {
  world: World;
  updates: UpdateQueue;
  messages: Messages;
  files: Files;
  presence: Presence;
}

/** Short-lived states of a chat: "typing…", a draft. Not kept across restarts. */
export interface Presence {
  actions: Map<number, { action: string; until: number }>;
  drafts: Map<number, string>;
}

/** Ties a method's parameters to the arguments its function gets. */
export function method<S extends z.ZodRawShape>(
  parameters: z.ZodObject<S>,
  run: (args: z.output<z.ZodObject<S>>, call: Call) => unknown,
  describe?: Method['describe'],
): Method {
  return {
    parameters: parameters as unknown as z.ZodObject,
    run: run as Method['run'],
    ...(describe ? { describe } : {}),
  };
}
