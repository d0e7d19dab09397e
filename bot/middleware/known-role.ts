/**
 * The calls to Telegram that make up one answer share one look at the role: under load each look is a wait for the
 * database. What the bot sends by itself looks anew each time.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { MiddlewareFn } from 'telegraf';
import type { Role } from '../../domain/roles';
import type { BotContext } from '../context';

/** With what is read ahead (head-start.ts) less than the second after which a change must hold (ms). */
const HOLDS_MS = 400;

export interface KnownRoles {
  /** The role of a chat's person as it is, or as it was a moment ago for the answer under way. */
  roleOf(chatId: number): Promise<Role | undefined>;
  /** After the person's role was read for the update. */
  middleware: MiddlewareFn<BotContext>;
}

export function createKnownRoles(read: (chatId: number) => Promise<Role | undefined>): KnownRoles {
  const answering = new AsyncLocalStorage<{ chatId: number; role: Role | undefined; at: number }>();
  return {
    roleOf: async (chatId) => {
      const known = answering.getStore();
      if (known?.chatId !== chatId) return read(chatId);
      if (Date.now() - known.at >= HOLDS_MS) Object.assign(known, { at: Date.now(), role: await read(chatId) });
      return known.role;
    },
    middleware: ({ chatId, role }, next) => answering.run({ chatId, role, at: Date.now() }, next),
  };
}
