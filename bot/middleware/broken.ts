/**
 * Something that must not happen did: the person gets a code, the log what it stands for. `telegraf.catch` would come too
 * late, since nothing awaits the updates of a chat (in-turn.ts).
 */
import { nanoid } from 'nanoid';
import type { MiddlewareFn } from 'telegraf';
import type { Language } from '../../config/i18n';
import type { UserStore } from '../../store/users';
import type { BotContext } from '../context';
import type { ScreenMessages } from '../screen-messages';
import { Unreachable } from '../telegram-answers';
import { createTexts } from '../texts';

export interface BrokenOptions {
  users: UserStore;
  messages: Pick<ScreenMessages, 'send'>;
  language: Language;
  zone: string;
  now(): Date;
  /** The bot is stopping: waits for Telegram's permission were cut short. */
  stopping: AbortSignal;
}

/** Never rejects. */
export function saysWhatBroke(options: BrokenOptions): MiddlewareFn<BotContext> {
  const { users, messages, language, zone, now, stopping } = options;

  async function say(error: unknown, ctx: BotContext): Promise<void> {
    const { chat, from, texts, log } = ctx;
    if (!chat || !from) throw error;
    if (error instanceof Unreachable) return users.update(from.id, { unreachableSince: now() });
    if (stopping.aborted) {
      ctx.isUnsettled = true;
      return;
    }
    const code = nanoid(6);
    log.error({ err: error, code }, 'handling an update broke');
    // Before the person is known, their language is not either.
    const words = texts ?? createTexts(language, zone);
    await messages.send(chat.id, { html: words.html('broken', { code }), keyboard: [] });
  }

  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      await say(error, ctx).catch((further: unknown) =>
        ctx.log.error({ err: further }, 'could not say that something broke'),
      );
    }
  };
}
