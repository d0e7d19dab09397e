/**
 * The conversation about a new campaign: takes an answer to the open question, moves the session on,
 * saves it, and only then shows the next question. After a crash anywhere in between, the saved
 * question is what the person sees next.
 */
import type { DateTime } from 'luxon';
import type { CampaignStatus } from '../../campaigns/contract';
import type { Result } from '../../config/errors';
import type { Actor } from '../../domain/story/actor';
import { personKey } from '../../domain/phones/person';
import { spellings } from '../../store/erase-mentions';
import type { UserDocument } from '../../store/users';
import { emptyDraft, stepBack, type Draft } from './draft';
import { isAside, type Step } from './steps';
import { screenOf, type Question } from './questions';
import { warning, withBanner, type Screen } from '../screen';
import type { BotServices } from '../services/contract';
import type { Session, Sessions } from '../session';
import { createView, go, type IncomingFile, type Move, type Shown, type Talk, type View } from './talk';
import type { TelegramPort } from '../telegram-port';
import type { Texts } from '../texts';
import { belongsTo, type Written } from './whole-answer';

/** One update of one person. */
export interface Turn {
  chatId: number;
  updateId: number;
  actor: Actor;
  user: UserDocument;
  texts: Texts;
  session: Session;
}

export interface Conversation {
  /** Opens a question as a new message; whatever was open is given up. */
  open(turn: Turn, step: Step, draft: Draft): Promise<void>;
  /**
   * The same for a question apart from new campaigns: one that is being put together waits until it is answered.
   * `said` with the command (`/find Anna`) is its answer at once.
   */
  aside(turn: Turn, step: Question, said?: Said): Promise<void>;
  /** A button of the open question. */
  press(turn: Turn, action: string, argument: string): Promise<void>;
  /** A message, or the correction of one. */
  text(turn: Turn, said: Said): Promise<void>;
  file(turn: Turn, file: IncomingFile, written: Written): Promise<void>;
  /** Shows the open question again, where it stands. */
  repeat(turn: Turn): Promise<void>;
  /** Ends it; false when there was none. */
  cancel(turn: Turn): Promise<boolean>;
}

/** What somebody wrote. */
export interface Said extends Written {
  text: string;
}

export interface ConversationOptions {
  port: TelegramPort;
  services: BotServices;
  sessions: Sessions;
  now(): DateTime;
  follow(chatId: number, status: CampaignStatus, texts: Texts): Promise<void>;
}

export function createConversation({ port, services, sessions, now, follow }: ConversationOptions): Conversation {
  const save = (turn: Turn): Promise<void> => {
    turn.session.updateId = turn.updateId;
    return sessions.save(turn.chatId, turn.session);
  };

  /** Shows in place of the open question; after `inNewMessage`, below everything. */
  async function place(turn: Turn, screen: Screen): Promise<void> {
    turn.session.messageId = await port.show(turn.chatId, turn.session.messageId, screen);
  }

  /** What the person wrote stands below the old question: the next one comes as a new message. */
  async function inNewMessage({ session, chatId }: Turn): Promise<void> {
    const { messageId } = session;
    delete session.messageId;
    if (messageId !== undefined) await port.removeKeyboard(chatId, messageId);
  }

  function talkOf(turn: Turn): Talk {
    const { chatId, updateId, actor, user, texts, session } = turn;
    return {
      chatId,
      updateId,
      actor,
      user,
      texts,
      draft: session.draft,
      services,
      now,
      interim: (html) => place(turn, { html, keyboard: [] }),
      keep: async (draft) => {
        session.draft = draft;
        await sessions.save(chatId, session);
      },
      rememberTestPhone: async (testPhone) => {
        user.testPhone = testPhone;
        await services.users.update(user._id, { testPhone });
      },
      forgetNumber: (phone) => {
        if (new RegExp(spellings(phone)).test(JSON.stringify(session.waiting ?? {}))) delete session.waiting;
        if (user.testPhone && personKey(user.testPhone) === personKey(phone)) delete user.testPhone;
      },
      sendFile: async (file) => {
        await inNewMessage(turn);
        await port.sendFile(chatId, file);
      },
      download: (fileId) => port.download(fileId),
      follow: (status) => follow(chatId, status, texts),
    };
  }

  async function ask(turn: Turn, banner?: string): Promise<void> {
    const { session, texts } = turn;
    if (session.step.at === 'home') return;
    const view = createView(texts, session.revision);
    const shown = await screenOf(session.step).show(session.step, talkOf(turn), view);
    if (shown.ok && shown.value.draft) session.draft = shown.value.draft;
    await place(turn, withBanner(screenFor(shown, view), banner));
    await save(turn);
  }

  async function follows(turn: Turn, move: Move): Promise<void> {
    const { session, texts } = turn;
    switch (move.kind) {
      case 'to':
        if (move.step.at === 'home') return end(turn, cancelled(turn));
        session.step = move.step;
        session.draft = move.draft;
        session.revision += 1;
        await save(turn);
        return ask(turn, move.banner);
      case 'refuse':
        session.revision += 1;
        await save(turn);
        return ask(turn, warning(texts, texts.refusalText(move.refusal)));
      case 'stale':
        return ask(turn);
      case 'close':
        return end(turn, move.html, move.after);
    }
  }

  /** The last words of the open question; then the one that waited, if one did. */
  async function end(turn: Turn, html: string, after?: () => Promise<void>): Promise<void> {
    const { session, chatId } = turn;
    const { messageId, waiting = { step: { at: 'home' }, draft: emptyDraft } } = session;
    Object.assign(session, waiting);
    session.revision += 1;
    delete session.waiting;
    delete session.messageId;
    await save(turn);
    await port.show(chatId, messageId, { html, keyboard: [] });
    await after?.();
    await ask(turn);
  }

  const cancelled = ({ session, texts }: Turn): string =>
    texts.html(isAside(session.step) ? 'leftAsItWas' : 'cancelled');

  /** Before the move is followed: the question that was open, and the revision that the next one will have. */
  function remember({ session }: Turn, { messageId, at, text: last = '', albumId }: Written, text?: string): void {
    const { step, draft, revision } = session;
    session.answered = {
      ...{ step, draft, messageId, at, length: last.length, revision: revision + 1 },
      ...(text !== undefined && { text }),
      ...(albumId !== undefined && { albumId }),
    };
  }

  /** A message that is no answer to the open question: says what is. */
  const notAnAnswer = (turn: Turn, key: string): Promise<void> => ask(turn, warning(turn.texts, turn.texts.plain(key)));

  return {
    open: async (turn, step, draft) => {
      delete turn.session.waiting;
      await inNewMessage(turn);
      await follows(turn, go(step, draft));
    },
    aside: async (turn, step, said) => {
      const { session } = turn;
      if (session.draft.template && !isAside(session.step)) {
        session.waiting = { step: session.step, draft: session.draft };
      }
      await inNewMessage(turn);
      Object.assign(session, { step, draft: emptyDraft });
      if (!said?.text) return follows(turn, go(step, emptyDraft));
      const move = await screenOf(step).text?.(step, said.text, talkOf(turn));
      if (move) remember(turn, said, said.text);
      await follows(turn, move ?? go(step, emptyDraft));
    },
    press: async (turn, action, argument) => {
      const { step, draft } = turn.session;
      if (step.at === 'home') return;
      if (action === 'cancel') return end(turn, cancelled(turn));
      if (action === 'retry') return ask(turn);
      if (action === 'back') {
        const back = stepBack(step, draft);
        return follows(turn, go(back.step, back.draft));
      }
      const move = await screenOf(step).press?.(step, action, argument, talkOf(turn));
      await follows(turn, move ?? { kind: 'stale' });
    },
    text: async (turn, said) => {
      const { session } = turn;
      const belongs = belongsTo(session, said);
      if (session.step.at === 'home' && !belongs) return;
      if (belongs === 'late') return session.step.at === 'home' ? undefined : notAnAnswer(turn, 'expected.late');
      let { text } = said;
      if ((belongs === 'rest' || belongs === 'edit') && session.answered) {
        const { step, draft, text: before = '' } = session.answered;
        Object.assign(session, { step, draft });
        if (belongs === 'rest') text = services.audience.join(before, text);
      }
      const { step } = session;
      if (step.at === 'home') return;
      await inNewMessage(turn);
      const move = await screenOf(step).text?.(step, text, talkOf(turn));
      if (!move) return notAnAnswer(turn, step.at === 'file' ? 'expected.file' : 'expected.button');
      remember(turn, said, text);
      return follows(turn, move);
    },
    file: async (turn, file, written) => {
      const { step } = turn.session;
      if (step.at === 'home') return;
      if (belongsTo(turn.session, written) === 'album') return notAnAnswer(turn, 'expected.album');
      await inNewMessage(turn);
      const move = await screenOf(step).file?.(step, file, talkOf(turn));
      if (!move) return notAnAnswer(turn, 'expected.noFile');
      // One that was refused leaves the question open for the next file of its album.
      if (move.kind !== 'refuse') remember(turn, written);
      return follows(turn, move);
    },
    repeat: (turn) => ask(turn),
    cancel: async (turn) => {
      if (turn.session.step.at === 'home') return false;
      await end(turn, cancelled(turn));
      return true;
    },
  };
}

/** The question, or why it cannot be asked now, with a way to try again. */
function screenFor(shown: Result<Shown>, view: View): Screen {
  if (shown.ok) return shown.value.screen;
  return {
    html: warning(view.texts, view.texts.refusalText(shown.refusal)),
    keyboard: [[view.button('retry')], view.footer()],
  };
}
