/**
 * One chat's updates strictly one after another, those of different chats side by side. Telegraf has no such thing: it
 * handles all updates of an answer at once, and asks for no further ones until the slowest is done.
 */
import type { MiddlewareFn } from 'telegraf';
import { answerPress, pressedMessage, type BotContext } from '../context';

/** What follows is left to itself: it must not reject. */
export function inTurn(turns: Turns<number>): MiddlewareFn<BotContext> {
  /** Buttons pressed and not yet dealt with. */
  const pending = new Set<string>();
  return (ctx, next) => {
    const chatId = ctx.chat?.id;
    if (chatId === undefined) return void ctx.settle();
    const handle = async (): Promise<void> => {
      try {
        await next();
      } finally {
        if (!ctx.isUnsettled) await ctx.settle();
      }
    };
    if (!ctx.callbackQuery) return void turns.run(chatId, handle);
    // A press that must wait its turn is answered at once: the button's spinner lives some seconds only.
    if (turns.busy(chatId)) void answerPress(ctx);
    const press = `${chatId}:${pressedMessage(ctx)}:${'data' in ctx.callbackQuery ? ctx.callbackQuery.data : ''}`;
    if (pending.has(press)) return void ctx.settle(); // A double tap: the first one is still at work.
    pending.add(press);
    void turns.run(chatId, () => handle().finally(() => pending.delete(press)));
  };
}

/** Work on one key runs strictly one after another, that of different keys side by side. */
export interface Turns<K> {
  /** Runs the work after the key's earlier work, however that ended; what comes of it is the work's own. */
  run<T>(key: K, work: () => Promise<T>): Promise<T>;
  /** Whether the key has work waiting or under way. */
  busy(key: K): boolean;
  /** Resolves when everything taken so far has ended. */
  drained(): Promise<void>;
}

export function createTurns<K>(): Turns<K> {
  const tails = new Map<K, Promise<unknown>>();
  return {
    run: (key, work) => {
      const turn = (tails.get(key) ?? Promise.resolve()).then(work);
      const tail = turn
        .catch(() => undefined)
        .finally(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
      return turn;
    },
    busy: (key) => tails.has(key),
    drained: async () => {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
