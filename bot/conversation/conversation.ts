/**
 * The conversation about a new campaign, and the questions apart from it: takes an answer to the open question, moves the
 * session on, saves it, and only then shows the next question. After a crash anywhere in between, the saved question is
 * what the person sees next. (Telegraf's scenes save when an update is handled, after the next question is out; nor can
 * one of them wait below another.)
 */
import type { DateTime } from 'luxon';
import { customAlphabet } from 'nanoid';
import type { CampaignStatus } from '../../campaigns/contract';
import type { Result } from '../../config/errors';
import { personKey } from '../../domain/phones/person';
import { spellings } from '../../store/erase-mentions';
import type { BotContext } from '../context';
import { warning, withBanner, type Screen } from '../screen';
import type { ScreenMessages } from '../screen-messages';
import type { Texts } from '../texts';
import { listsOf } from './chosen-audience';
import { emptyDraft, stepBack, type Draft } from './draft';
import { screenOf } from './questions';
import { isAside, type Question, type Step } from './steps';
import { createView, go, type IncomingFile, type Move, type Shown, type Talk, type View } from './talk';
import { belongsTo, type Written } from './whole-answer';

/** What `ctx.conversation` does for the composers; the words are those of Telegraf's `ctx.scene`. */
export interface EnteredConversation {
  /** Opens a question as a new message; the open one is abandoned. */
  enter(step: Step, draft: Draft): Promise<void>;
  /**
   * The same for a question apart from new campaigns: one that is being put together waits until it is answered.
   * `said` with the command (`/find Anna`) is its answer at once.
   */
  enterAside(step: Question, said?: Said): Promise<void>;
  /** Shows the open question again, where it stands, below a banner if given. */
  reenter(banner?: string): Promise<void>;
  /** Ends it; false when there was none. */
  leave(): Promise<boolean>;
}

/** The answers to the open question, each as it comes from Telegram. */
export interface Conversation {
  entered(ctx: BotContext): EnteredConversation;
  /** A button of the open question. */
  press(ctx: BotContext, action: string, argument: string): Promise<void>;
  /** A message, or the correction of one. */
  text(ctx: BotContext, said: Said): Promise<void>;
  file(ctx: BotContext, file: IncomingFile, written: Written): Promise<void>;
}

/** What somebody wrote. */
export interface Said extends Written {
  text: string;
}

export interface ConversationOptions {
  messages: ScreenMessages;
  now(): DateTime;
  /** Sends a campaign's live progress as a new message. */
  follow(chatId: number, status: CampaignStatus, texts: Texts): Promise<void>;
}

/** A revision that no session has. */
const NEVER = -1;

export function createConversation({ messages, now, follow }: ConversationOptions): Conversation {
  /** Shows in place of the open question; after `inNewMessage`, below everything. */
  async function place({ session, chatId }: BotContext, screen: Screen): Promise<void> {
    session.messageId = await messages.show(chatId, session.messageId, screen);
  }

  /** What the person wrote stands below the old question: the next one comes as a new message. */
  async function inNewMessage({ session, chatId }: BotContext): Promise<void> {
    const { messageId } = session;
    delete session.messageId;
    if (messageId !== undefined) await messages.removeKeyboard(chatId, messageId);
  }

  function talkOf(ctx: BotContext): Talk {
    const { chatId, actor, user, texts, session, services } = ctx;
    return {
      ...{ chatId, actor, user, texts, services, now },
      updateId: ctx.update.update_id,
      draft: session.draft,
      interim: (html) => place(ctx, { html, keyboard: [] }),
      keep: async (draft) => {
        session.draft = draft;
        await ctx.saveSession();
      },
      rememberTestPhones: async ([testPhone = '', ...testPhones]) => {
        Object.assign(user, { testPhone, testPhones });
        await services.users.update(user._id, { testPhone, testPhones });
      },
      drafts: {
        all: () => session.drafts ?? [],
        putAside: (draft) => {
          const { checked: _checked, campaignId: _stored, ...kept } = draft;
          const one = { id: newDraftId(), at: now().toUTC().toISO()!, draft: kept };
          session.drafts = [one, ...(session.drafts ?? [])].slice(0, MOST_DRAFTS);
        },
        drop: (id) => {
          session.drafts = (session.drafts ?? []).filter((one) => one.id !== id);
        },
      },
      forgetNumber: (phone) => {
        const holds = (value: unknown): boolean => new RegExp(spellings(phone)).test(JSON.stringify(value));
        if (session.waiting && holds(session.waiting)) delete session.waiting;
        if (session.drafts) session.drafts = session.drafts.filter((one) => !holds(one));
        const isTheirs = (one: string): boolean => personKey(one) === personKey(phone);
        if (user.testPhone && isTheirs(user.testPhone)) delete user.testPhone;
        if (user.testPhones) user.testPhones = user.testPhones.filter((one) => !isTheirs(one));
      },
      sendFile: async (file) => {
        await inNewMessage(ctx);
        await messages.sendFile(chatId, file);
      },
      download: (fileId) => messages.download(fileId),
      follow: (status) => follow(chatId, status, texts),
    };
  }

  async function ask(ctx: BotContext, banner?: string): Promise<void> {
    const { session, texts } = ctx;
    if (session.step.at === 'home') return;
    const view = createView(texts, session.revision, showsCard(session));
    const shown = await screenOf(session.step).show(session.step, talkOf(ctx), view);
    if (shown.ok && shown.value.draft) session.draft = shown.value.draft;
    await place(ctx, withBanner(screenFor(shown, view), banner));
    await ctx.saveSession();
  }

  async function follows(ctx: BotContext, move: Move): Promise<void> {
    const { session, texts } = ctx;
    switch (move.kind) {
      case 'to':
        if (move.step.at === 'home') return end(ctx, cancelled(ctx));
        session.step = move.step;
        session.draft = move.draft;
        session.revision += 1;
        await ctx.saveSession();
        return ask(ctx, move.banner);
      case 'refuse':
        session.revision += 1;
        await ctx.saveSession();
        return ask(ctx, warning(texts, texts.refusalText(move.refusal)));
      case 'stale':
        return ask(ctx);
      case 'close':
        return end(ctx, move.html, move.after);
    }
  }

  /** The last words of the open question; then the one that waited, if one did. */
  async function end(ctx: BotContext, html: string, after?: () => Promise<void>): Promise<void> {
    const { session, chatId } = ctx;
    const { messageId, waiting = { step: { at: 'home' }, draft: emptyDraft }, answered } = session;
    // An answer that closed an aside cannot be given anew: that would take the place of what waited meanwhile.
    if (session.waiting && answered) session.answered = { ...answered, revision: NEVER };
    Object.assign(session, waiting);
    session.revision += 1;
    delete session.waiting;
    delete session.messageId;
    await ctx.saveSession();
    await messages.show(chatId, messageId, { html, keyboard: [] });
    await after?.();
    await ask(ctx);
  }

  /** A file that was only looked at leaves no list. */
  async function forgetFile({ session, services }: BotContext, on: readonly Step['at'][]): Promise<void> {
    const { step, draft } = session;
    if (!on.includes(step.at) || !('file' in step) || listsOf(draft.audience).includes(step.file.listId)) return;
    await services.audience.drop(step.file.listId);
  }

  /** What was pasted before it was whole, or before it was edited, leaves no list either. `draft`: without it. */
  async function forgetPasted({ session, services }: BotContext, draft: Draft): Promise<void> {
    const { step } = session;
    const before = listsOf(draft.audience);
    const made = [...listsOf(session.draft.audience), ...('file' in step ? [step.file.listId] : [])];
    for (const listId of made) if (!before.includes(listId)) await services.audience.drop(listId);
  }

  const cancelled = ({ session, texts }: BotContext): string =>
    texts.html(isAside(session.step) ? 'leftAsItWas' : 'cancelled');

  /** Before the move is followed: the question that was open, and the revision that the next one will have. */
  function remember(
    { session }: BotContext,
    { messageId, at, text: last = '', albumId }: Written,
    text?: string,
  ): void {
    const { step, draft, revision } = session;
    session.answered = {
      ...{ step, draft, messageId, at, length: last.length, revision: revision + 1 },
      ...(text !== undefined && { text }),
      ...(albumId !== undefined && { albumId }),
    };
  }

  /** A message that does not answer the open question: says what would. */
  const notAnAnswer = (ctx: BotContext, key: string): Promise<void> =>
    ask(ctx, warning(ctx.texts, ctx.texts.plain(key)));

  return {
    entered: (ctx) => ({
      enter: async (step, draft) => {
        delete ctx.session.waiting;
        await inNewMessage(ctx);
        await follows(ctx, go(step, draft));
      },
      enterAside: async (step, said) => {
        const { session } = ctx;
        if (session.draft.template && !isAside(session.step)) {
          session.waiting = { step: session.step, draft: session.draft };
        }
        await inNewMessage(ctx);
        Object.assign(session, { step, draft: emptyDraft });
        if (!said?.text) return follows(ctx, go(step, emptyDraft));
        const move = await screenOf(step).text?.(step, said.text, talkOf(ctx));
        if (move) remember(ctx, said, said.text);
        await follows(ctx, move ?? go(step, emptyDraft));
      },
      reenter: (banner) => ask(ctx, banner),
      leave: async () => {
        if (ctx.session.step.at === 'home') return false;
        await forgetFile(ctx, ['table', 'tableChoice']);
        await end(ctx, cancelled(ctx));
        return true;
      },
    }),
    press: async (ctx, action, argument) => {
      const { step, draft } = ctx.session;
      if (step.at === 'home') return;
      if (action === 'cancel') await forgetFile(ctx, ['table', 'tableChoice']);
      if (action === 'back') await forgetFile(ctx, ['table']);
      if (action === 'cancel') return end(ctx, cancelled(ctx));
      if (action === 'retry') return ask(ctx);
      if (action === 'card' && showsCard(ctx.session)) return follows(ctx, go({ at: 'parts' }, draft));
      if (action === 'back') {
        const back = stepBack(step, draft);
        return follows(ctx, go(back.step, back.draft));
      }
      const move = await screenOf(step).press?.(step, action, argument, talkOf(ctx));
      await follows(ctx, move ?? { kind: 'stale' });
    },
    text: async (ctx, said) => {
      const { session, services } = ctx;
      const belongs = belongsTo(session, said);
      if (session.step.at === 'home' && !belongs) return;
      if (belongs === 'late') return session.step.at === 'home' ? undefined : notAnAnswer(ctx, 'expected.late');
      let { text } = said;
      if ((belongs === 'rest' || belongs === 'edit') && session.answered) {
        const { step, draft, text: before = '' } = session.answered;
        await forgetPasted(ctx, draft);
        Object.assign(session, { step, draft });
        if (belongs === 'rest') text = services.audience.join(before, text);
      }
      const { step } = session;
      if (step.at === 'home') return;
      await inNewMessage(ctx);
      const move = await screenOf(step).text?.(step, text, talkOf(ctx));
      if (!move) return notAnAnswer(ctx, step.at === 'file' ? 'expected.file' : 'expected.button');
      remember(ctx, said, text);
      return follows(ctx, move);
    },
    file: async (ctx, file, written) => {
      const { step } = ctx.session;
      if (step.at === 'home') return;
      if (belongsTo(ctx.session, written) === 'album') return notAnAnswer(ctx, 'expected.album');
      await inNewMessage(ctx);
      const isTaken = !file.isMedia || step.at === 'media' || ('open' in step && step.open?.at === 'media');
      const move = isTaken ? await screenOf(step).file?.(step, file, talkOf(ctx)) : undefined;
      if (!move && file.isMedia) return notAnAnswer(ctx, step.at === 'file' ? 'expected.file' : 'expected.button');
      if (!move) return notAnAnswer(ctx, 'expected.noFile');
      // One that was refused leaves the question open for the next file of its album.
      if (move.kind !== 'refuse') remember(ctx, written);
      return follows(ctx, move);
    },
  };
}

/** Questions of a new campaign from which its card is one press away. */
const WITH_CARD: readonly Step['at'][] = ['audience', 'parameter', 'media', 'name', 'when'];

function showsCard({ step, draft }: BotContext['session']): boolean {
  return WITH_CARD.includes(step.at) && draft.template !== undefined && draft.role === undefined;
}

/** More than somebody keeps an eye on; a session is one document. */
const MOST_DRAFTS = 10;
const newDraftId = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 6);

/** The question, or why it cannot be asked now, with a way to try again. */
function screenFor(shown: Result<Shown>, view: View): Screen {
  if (shown.ok) return shown.value.screen;
  return {
    html: warning(view.texts, view.texts.refusalText(shown.refusal)),
    keyboard: [[view.button('retry')], view.footer()],
  };
}
