/** One chat's session as it is kept in MongoDB: everything a conversation needs to go on after a restart. */
import type { SessionStore } from '../store/bot-state';
import { emptyDraft, type Draft } from './conversation/draft';
import type { Step } from './conversation/steps';

export interface Session {
  step: Step;
  draft: Draft;
  /** The campaign being put together while a question apart from it is open. */
  waiting?: { step: Step; draft: Draft };
  /** Rises with every screen of the conversation; a button of an earlier one is stale. */
  revision: number;
  /** The message that shows the open question. */
  messageId?: number;
  /** What was written last and answered the question before this one: its rest, or its correction, may still come. */
  answered?: Answered;
  /** The last update handled: Telegram repeats what was not confirmed before a crash. */
  updateId?: number;
}

export interface Sessions {
  load(chatId: number): Promise<Session>;
  save(chatId: number, session: Session): Promise<void>;
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

export function createSessions(store: SessionStore): Sessions {
  const keyOf = (chatId: number): string => `chat/${chatId}`;
  return {
    load: async (chatId) => {
      const stored = (await store.get(keyOf(chatId))) as { shape?: number; session: Session } | undefined;
      return stored?.shape === SHAPE ? stored.session : { step: { at: 'home' }, draft: emptyDraft, revision: 0 };
    },
    save: (chatId, session) => store.set(keyOf(chatId), { shape: SHAPE, session }),
  };
}

/** Whether this update was handled before. */
export function isRepeated(session: Session, updateId: number): boolean {
  const behind = (session.updateId ?? -Infinity) - updateId;
  return behind >= 0 && behind < REPEAT_WINDOW;
}
