/**
 * Applies what people want: stores their replies; a STOP word, a tapped button or WhatsApp's own switch suppresses the
 * number; a START word or the switch turned back lifts it; unclear messages go to the team. Their words are never
 * logged.
 */
import { nanoid } from 'nanoid';
import type { WebhookEvent } from '../clients/gupshup/events';
import { atPoint } from '../config/crash-points';
import type { Logger } from '../config/logger';
import type { Actor } from '../domain/story/actor';
import { latestTimeOf } from '../domain/event-time';
import { createChoiceReader, type OptOutWords, type Reading } from '../domain/opt-outs/opt-out-words';
import type { PossibleOptOut } from '../domain/opt-outs/possible-opt-out';
import { suppressionBy } from '../domain/opt-outs/suppression';
import type { Store } from '../store/connect';
import type { ReplyDocument } from '../store/documents';
import { effectsOrdered } from '../store/reply-effects';
import { createShortCache } from '../store/short-cache';

/** An event of a person whose number is known, even if the event does not name it (whose.ts). */
type Known<K extends WebhookEvent['kind']> = Extract<WebhookEvent, { kind: K }> & { phone: string };

/** Every function is safe to repeat with the same event. */
export interface OptOuts {
  /** `sender`: the app that they wrote to. */
  onReply(event: Known<'inbound'>, sender?: string): Promise<void>;
  onPreference(event: Known<'preference'>): Promise<void>;
  /** Gupshup's own, older opt-out: no messages at all. */
  onUser(event: Known<'user'>): Promise<void>;
  /** The person has a new number: their choices for the old one apply to it too. */
  onNewNumber(change: { phone: string; newPhone: string; at: Date }): Promise<void>;
  /** A STOP, or unclear words, whose sender was unknown at first. */
  onUnnamed(one: PossibleOptOut & { _id: string; phone: string }): Promise<void>;
  /** A STOP to another app of the account: the same business. */
  onStopAbroad(wish: { phone: string; at: Date }): Promise<void>;
  /** A failed message whose code says something about the number. */
  onFailure(failure: { phone: string; code: string | undefined; at: Date; reached: boolean }): Promise<void>;
  /**
   * These numbers are on WhatsApp: lifts what an error code said before, or about the very message that arrived
   * (`inSpite`). What people have said or written stays.
   */
  onReached(reached: readonly Reached[]): Promise<void>;
  /**
   * Words that may be an opt-out: ask the team, unless the person has said it clearly since or has already opted out.
   */
  onUnsure(event: Known<'inbound'>, campaignId?: string): Promise<void>;
  /** What a message or tap says about further messages. */
  readingOf(reply: { text?: string; buttonText?: string }): Reading;
}

interface Reached {
  phone: string;
  at: Date;
  inSpite: boolean;
}

export interface OptOutsDependencies {
  store: Pick<Store, 'campaigns' | 'contacts' | 'possibleOptOuts' | 'replies' | 'sent' | 'suppressions'>;
  words: OptOutWords;
  log: Logger;
}

const SYSTEM: Actor = { kind: 'system' };
/** How the person opted out, as stored with their suppression. */
const DETAILS: Record<PossibleOptOut['by'], string> = {
  reply: 'STOP word',
  button: 'STOP button',
  preference: 'preference event',
  'user event': 'user event',
};
/** A reply without a quote answers the last message within this time (ms). */
const ANSWERS_WITHIN_MS = 7 * 86_400_000;
/** WhatsApp's only category of preferences; its switch concerns marketing. */
const MARKETING_OPT_OUT = { reason: 'opted_out', scope: 'marketing' } as const;

export function createOptOuts({ store, words, log }: OptOutsDependencies): OptOuts {
  const read = createChoiceReader(words);
  const ordersOnReply = createShortCache((campaignId) => store.campaigns.ordersOnReply(campaignId));

  /** Earlier, unclear words of theirs need no decision any more. */
  const saidClearly = (phone: string, at: Date): Promise<void> =>
    store.possibleOptOuts.answerOf(phone, at, { choice: 'clear_word', by: SYSTEM, at: new Date() });

  async function optOut(phone: string, at: Date, detail: string): Promise<void> {
    await saidClearly(phone, at);
    const entry = { phone, ...MARKETING_OPT_OUT, detail, createdAt: at, createdBy: SYSTEM };
    const [isNew] = await store.suppressions.add([entry]);
    if (isNew) log.info({ by: detail }, 'A person opted out of marketing');
  }

  async function optOutOfAll(phone: string, at: Date): Promise<void> {
    const entry = { phone, reason: 'opted_out', scope: 'all', detail: DETAILS['user event'] } as const;
    await store.suppressions.add([{ ...entry, createdAt: at, createdBy: SYSTEM }]);
  }

  async function optIn(phone: string, at: Date, detail: string): Promise<void> {
    await saidClearly(phone, at);
    const lifted = await store.suppressions.remove(phone, SYSTEM, MARKETING_OPT_OUT);
    if (lifted.length > 0) log.info({ by: detail }, 'A person revoked an opt-out of marketing');
  }

  const readingOf: OptOuts['readingOf'] = ({ text, buttonText }) =>
    read({ ...(text && { text }), ...(buttonText && { buttonText }) });

  const onUnsure: OptOuts['onUnsure'] = async (event, campaignId) => {
    const { id, phone, at } = event;
    const last = await store.replies.latest(phone, { choice: true });
    if (last && last.at > at) return;
    if ((await store.suppressions.of(phone)).some(({ reason }) => reason === 'opted_out')) return;
    const called = event.name === undefined || isNumber(event.name, phone) ? undefined : event.name;
    const name = called ?? (await store.contacts.find(phone))?.names?.[0];
    const campaign = campaignId && (await store.campaigns.find(campaignId))?.spec.name;
    const isNew = await store.possibleOptOuts.add({
      _id: `unsure:${id}`,
      at,
      by: wayOf(event),
      clear: false,
      phone,
      text: wordsOf(event),
      ...(event.userId && { userId: event.userId }),
      ...(name && { name }),
      ...(campaign && { campaign }),
    });
    if (isNew) log.info('Possible opt-out: asking the team');
  };

  /** Where the campaign orders it, the reply has its effects in the CRM: in the same write. */
  async function inCrm(campaignId: string): Promise<Partial<ReplyDocument>> {
    return (await ordersOnReply(campaignId)) ? effectsOrdered(new Date()) : {};
  }

  return {
    async onReply(event, sender) {
      const { id, phone, at, text, buttonText, contextMessageId } = event;
      const reading = readingOf(event);
      const choice = reading === 'unsure' ? undefined : reading;
      const since = new Date(at.getTime() - ANSWERS_WITHIN_MS);
      const campaignId = await store.sent.campaignAnswered({
        phone,
        since,
        ...(contextMessageId && { messageId: contextMessageId }),
      });
      const reply: ReplyDocument = {
        _id: id,
        phone,
        at,
        ...(text && { text }),
        ...(buttonText && { buttonText }),
        ...(campaignId && { campaignId }),
        ...(choice && { choice }),
        ...(sender && { sender }),
        ...(campaignId && !choice && (await inCrm(campaignId))),
      };
      const alone = campaignId && !choice ? toDealWith(new Date()) : {};
      const isOpen = alone.key !== undefined;
      await atPoint('reply-kept', async () => {
        if (!isOpen || !(await store.replies.joinOpen(reply, BURST_MS, alone)))
          await store.replies.save({ ...reply, ...alone });
      });
      if (reading === 'unsure') return onUnsure(event, campaignId);
      if (!choice) return;
      // Replies may arrive late and out of order: the person's last word counts, not the last webhook.
      const last = await store.replies.latest(phone, { choice: true });
      if (last?.choice === 'start') await optIn(phone, at, 'START word');
      else await optOut(phone, at, DETAILS[wayOf(event)]);
    },
    onPreference: ({ phone, choice, at }) =>
      choice === 'stop' ? optOut(phone, at, DETAILS.preference) : optIn(phone, at, DETAILS.preference),
    async onUser({ event, phone, at }) {
      if (event === 'opted-out') await optOutOfAll(phone, at);
    },
    async onNewNumber({ phone, newPhone, at }) {
      const last = await store.replies.latest(newPhone, { choice: true });
      const isBack = last?.choice === 'start' && last.at >= at;
      const holds = ({ reason, scope }: { reason: string; scope: string }): boolean =>
        reason !== 'invalid' && !(isBack && reason === 'opted_out' && scope === 'marketing');
      const entries = (await store.suppressions.of(phone)).filter(holds);
      await store.suppressions.add(entries.map((entry) => ({ ...entry, phone: newPhone, createdAt: at })));
      await store.possibleOptOuts.follow(phone, newPhone);
    },
    async onUnnamed({ _id: id, phone, at, by, clear, text, userId, name }) {
      if (!clear) {
        const said = text && { [by === 'button' ? 'buttonText' : 'text']: text };
        const who = { phone, ...(userId && { userId }), ...(name && { name }) };
        return onUnsure({ kind: 'inbound', identity: id, id, at, ...who, ...said });
      }
      const last = await store.replies.latest(phone, { choice: true });
      if (last && last.at > at) return;
      return by === 'user event' ? optOutOfAll(phone, at) : optOut(phone, at, DETAILS[by]);
    },
    onStopAbroad: ({ phone, at }) => optOut(phone, at, 'STOP to another app'),
    async onReached(reached) {
      if (reached.length === 0) return;
      const latest = new Map(reached.map((one) => [one.phone, one]));
      for (const entry of await store.suppressions.invalid([...latest.keys()])) {
        const fits = reached.some(
          ({ phone, at, inSpite }) => phone === entry.phone && (inSpite || entry.createdAt <= latestTimeOf(at)),
        );
        if (!fits) continue;
        await store.suppressions.remove(entry.phone, SYSTEM, { reason: 'invalid', scope: entry.scope });
        log.info('A number marked invalid is on WhatsApp: lifted its suppression');
      }
    },
    onUnsure,
    readingOf,
    async onFailure({ phone, code, at, reached }) {
      const suppression = suppressionBy(code);
      // Outdated: a person who was reached is on WhatsApp.
      if (suppression?.reason === 'invalid' && (reached || (await store.sent.reachedAfter(phone, at)))) return;
      if (suppression) await store.suppressions.add([{ ...suppression, phone, createdAt: at, createdBy: SYSTEM }]);
    },
  };
}

const KEY_LENGTH = 12;
/** What a person writes within this time (ms) is told and dealt with as one. */
const BURST_MS = 30_000;

/** Somebody is to be told of it, and to deal with it (store/open-replies.ts): in the same write as the reply. */
function toDealWith(receivedAt: Date): Partial<Pick<ReplyDocument, 'key' | 'open' | 'receivedAt' | 'tellAt'>> {
  return { key: nanoid(KEY_LENGTH), open: true, receivedAt, tellAt: receivedAt };
}

/** Longest excerpt shown to the team, in characters. */
const SHOWN_CHARACTERS = 500;

export function wordsOf({ text, buttonText }: { text?: string; buttonText?: string }): string {
  return (buttonText ?? text ?? '').slice(0, SHOWN_CHARACTERS);
}

export function wayOf({ buttonText }: { buttonText?: string }): PossibleOptOut['by'] {
  return buttonText === undefined ? 'reply' : 'button';
}

/** For people without a profile name, WhatsApp gives the number instead. */
function isNumber(name: string, phone: string): boolean {
  return !/\p{L}/u.test(name) && name.replace(/\D/g, '') === phone.slice(1);
}
