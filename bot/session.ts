/** Telegraf's session of one chat, kept in MongoDB: everything a conversation needs to go on after a restart. */
import { Composer, session } from 'telegraf';
import type { AsyncSessionStore } from 'telegraf/session';
import type { SessionStore } from '../store/bot-state';
import type { BotContext } from './context';
import { emptyDraft, type Draft } from './conversation/draft';
import type { Step } from './conversation/steps';
import { readAhead } from './middleware/head-start';

export interface Session {
  step: Step;
  draft: Draft;
  /** The campaign being put together while a question apart from it is open. */
  waiting?: { step: Step; draft: Draft };
  /** New campaigns that were put aside, the newest first. */
  drafts?: KeptDraft[];
  /** Rises with every screen of the conversation; a button of an earlier one is stale. */
  revision: number;
  /** The message that shows the open question. */
  messageId?: number;
  /** What was written last and answered the question before this one: its rest, or its correction, may still come. */
  answered?: Answered;
  /** The last update handled: Telegram repeats what was not confirmed before a crash. */
  updateId?: number;
}

/** A new campaign that was put aside. */
export interface KeptDraft {
  id: string;
  /** When, ISO. */
  at: string;
  draft: Draft;
}

/** An answer that was written or sent as a file, and how things stood before it. */
export interface Answered {
  step: Step;
  draft: Draft;
  /** Telegram's id and time (Unix seconds) of its last message. */
  messageId: number;
  at: number;
  /** As it is put together so far; absent for a file. */
  text?: string;
  /** Characters of its last message. */
  length: number;
  /** Files that were sent together share one. */
  albumId?: string;
  /** The session's, once it was answered: a higher one means that something was pressed since. */
  revision: number;
}

/** Rises when the shape changes: an older session is then forgotten, not misread. */
const SHAPE = 5;

/** Update ids rise by one; after a week of silence they may start anywhere (telegram.md#updates). */
const REPEAT_WINDOW = 1000;

export const sessionKey = (chatId: number): string => `chat/${chatId}`;
const keyOf = ({ chatId }: BotContext): string => sessionKey(chatId);

/** Middleware: `ctx.session` and `ctx.saveSession`. */
export function sessions(store: SessionStore): Composer<BotContext> {
  /** Read while the update was being kept; taken at once. */
  const ahead = new Map<string, Promise<unknown>>();
  const kept: AsyncSessionStore<Session> = {
    get: async (key) => {
      const reading = ahead.get(key) ?? store.get(key);
      ahead.delete(key);
      const stored = (await reading) as { shape?: number; session: Session } | undefined;
      return stored?.shape === SHAPE ? stored.session : undefined;
    },
    set: (key, value) => store.set(key, { shape: SHAPE, session: value }),
    delete: (key) => store.delete(key),
  };
  return new Composer<BotContext>(
    async (ctx, next) => {
      const reading = readAhead(ctx, 'session');
      if (reading) ahead.set(keyOf(ctx), reading);
      try {
        await next();
      } finally {
        ahead.delete(keyOf(ctx));
      }
    },
    session({
      store: kept,
      getSessionKey: keyOf,
      defaultSession: (): Session => ({ step: { at: 'home' }, draft: emptyDraft, revision: 0 }),
    }),
    async (ctx, next) => {
      let saved = structuredClone(ctx.session);
      ctx.saveSession = async () => {
        ctx.session.updateId = ctx.update.update_id;
        await kept.set(keyOf(ctx), ctx.session);
        saved = structuredClone(ctx.session);
      };
      try {
        await next();
      } catch (error) {
        // Telegraf saves whatever the session is, also half changed.
        ctx.session = saved;
        throw error;
      }
    },
  );
}

/** Whether this update was handled before. */
export function isRepeated(session: Session, updateId: number): boolean {
  const behind = (session.updateId ?? -Infinity) - updateId;
  return behind >= 0 && behind < REPEAT_WINDOW;
}
