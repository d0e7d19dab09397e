/**
 * What the team does about a reply: answers it with words of their own, marks it as dealt with, opts the person out.
 * An answer is noted before Gupshup is asked, and Gupshup is asked once: a repeated press sends nothing, and one whose
 * outcome cannot be known stays `unknown`. It goes at once, beside the pace of the campaigns: what people type is little,
 * and a 429 is told to them.
 */
import type { SendAnswer } from '../clients/gupshup/send';
import type { Sender, Senders } from '../clients/gupshup/senders';
import { done, refused, type Result } from '../config/errors';
import { replyAnswers } from '../config/metrics';
import { charactersOf } from '../domain/campaign-name';
import { isWindowOpen, MAX_ANSWER_CHARACTERS, windowEnd } from '../domain/replies';
import type { Actor } from '../domain/story/actor';
import type { Store } from '../store/connect';
import type { ReplyAnswer } from '../store/documents';
import type { HandledReply } from '../store/open-replies';

export interface ReplyDesk {
  find(key: string): Promise<Result<HandledReply>>;
  /** The reply that a message in Telegram shows. */
  shownIn(message: { chatId: number; messageId: number }): Promise<HandledReply | undefined>;
  /** Not dealt with, the oldest first, and how many there are. */
  list(page: { skip: number; limit: number }): Promise<{ replies: HandledReply[]; count: number }>;
  /** Until when it may be answered; undefined: no more. */
  openUntil(reply: HandledReply): Promise<Date | undefined>;
  /**
   * Sends the text to the person, once for each `id`, and marks the reply as dealt with. The answer that was given
   * before under this id comes back as it stands.
   */
  answer(key: string, answer: { id: string; text: string; by: Actor }): Promise<Result<ReplyAnswer>>;
  /** `already`: somebody had dealt with it. */
  end(key: string, how: 'done' | 'opted_out', by: Actor): Promise<Result<{ reply: HandledReply; already: boolean }>>;
  /** Dealt with, in Telegram messages that do not show it yet. */
  shownOpen(): ReturnType<Store['openReplies']['shownOpen']>;
  shown(id: string, message: { chatId: number; messageId: number }): Promise<void>;
}

export interface ReplyDeskDependencies {
  store: Pick<Store, 'audit' | 'campaigns' | 'openReplies' | 'suppressions'>;
  senders: Pick<Senders, 'find' | 'byDefault'>;
  now?: () => Date;
}

/** Of the suppression; put into the reader's language where it is shown. */
const OPT_OUT_DETAIL = 'read by an admin';

export function createReplyDesk({ store, senders, now = () => new Date() }: ReplyDeskDependencies): ReplyDesk {
  const { openReplies } = store;

  const find: ReplyDesk['find'] = async (key) => {
    const reply = await openReplies.find(key);
    return reply ? done(reply) : refused('reply_gone', { id: key });
  };

  /** The app that the person wrote to, else the one that they were written to from. */
  async function appOf({ sender, campaignId, phone }: HandledReply): Promise<string> {
    const [delivery, campaign] = [
      await openReplies.deliveryOf(campaignId, phone),
      await store.campaigns.find(campaignId),
    ];
    return sender ?? delivery?.sender ?? campaign?.sender ?? senders.byDefault.app;
  }

  async function openUntil(reply: HandledReply): Promise<Date | undefined> {
    const last = await openReplies.lastWrittenAt(reply.phone, await appOf(reply));
    return last && isWindowOpen(last, now()) ? windowEnd(last) : undefined;
  }

  async function record(what: string, { campaignId, key }: HandledReply, by: Actor): Promise<void> {
    await store.audit.record({ at: now(), actor: by, action: 'changed', what, campaignId, after: { reply: key } });
  }

  async function send(reply: HandledReply, answer: ReplyAnswer, sender: Sender): Promise<ReplyAnswer> {
    const outcome = outcomeOf(await sender.gupshup.sendText({ destination: reply.phone, text: answer.text }));
    await openReplies.endAnswer(reply.key, answer.id, outcome);
    replyAnswers.inc({ outcome: outcome.state });
    return { ...answer, ...outcome };
  }

  return {
    find,
    openUntil,
    shownIn: (message) => openReplies.shownIn(message),
    list: (page) => openReplies.list(page),
    answer: async (key, { id, text, by }) => {
      const found = await find(key);
      if (!found.ok) return found;
      const reply = found.value;
      const before = reply.answers?.find((one) => one.id === id);
      if (before) return done(await settled(reply, before));
      const characters = charactersOf(text.trim());
      if (characters === 0 || characters > MAX_ANSWER_CHARACTERS)
        return refused('reply_length', { characters, limit: MAX_ANSWER_CHARACTERS });
      if (!(await openUntil(reply))) return refused('reply_window_closed', {});
      if ((await store.suppressions.of(reply.phone)).some(({ scope }) => scope === 'all'))
        return refused('reply_suppressed', {});
      const app = await appOf(reply);
      const sender = senders.find(app);
      if (!sender) return refused('reply_sender_gone', { sender: app });
      const answer: ReplyAnswer = { id, text: text.trim(), by, at: now(), state: 'sending' };
      // Another process carries out the same press.
      if (!(await openReplies.beginAnswer(key, answer))) return done({ ...answer, state: 'unknown' });
      const sent = await send(reply, answer, sender);
      await record(`reply answered: ${sent.state}`, reply, by);
      if (sent.state === 'refused') return refused('reply_refused', { detail: sent.detail ?? '' });
      await openReplies.end(key, { how: 'answered', by, at: now() });
      return done(sent);
    },
    end: async (key, how, by) => {
      const found = await find(key);
      if (!found.ok) return found;
      const at = now();
      // First: a process that dies in between leaves the button, and the person gets no more marketing.
      if (how === 'opted_out') {
        const { phone } = found.value;
        const entry = { phone, reason: 'opted_out', scope: 'marketing', detail: OPT_OUT_DETAIL } as const;
        await store.suppressions.add([{ ...entry, createdAt: at, createdBy: by }]);
      }
      const reply = await openReplies.end(key, { how, by, at });
      if (!reply) return refused('reply_gone', { id: key });
      const already = found.value.done !== undefined;
      if (!already) await record(`reply ${how}`, reply, by);
      return done({ reply, already });
    },
    shownOpen: () => openReplies.shownOpen(),
    shown: (id, message) => openReplies.shown(id, message),
  };

  /** A process died while Gupshup was being asked: nobody knows, and it is not asked again. */
  async function settled(reply: HandledReply, answer: ReplyAnswer): Promise<ReplyAnswer> {
    if (answer.state !== 'sending') return answer;
    await openReplies.endAnswer(reply.key, answer.id, { state: 'unknown' });
    return { ...answer, state: 'unknown' };
  }
}

function outcomeOf(answer: SendAnswer): Pick<ReplyAnswer, 'state' | 'messageId' | 'detail'> {
  switch (answer.kind) {
    case 'accepted':
      return { state: 'accepted', messageId: answer.messageId };
    case 'refused':
      return { state: 'refused', detail: answer.message };
    case 'unreachable':
      return { state: 'refused', detail: answer.detail };
    case 'ambiguous':
      return { state: 'unknown', detail: answer.detail };
  }
}
