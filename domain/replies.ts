/** Answers to a campaign: who hears of one, and until when it may be answered with words of one's own. */

import { personKey } from './phones/person';

/** WhatsApp's window (ms): so long after the person's last message a business may write freely, with templates only after it. */
const WINDOW_MS = 24 * 3_600_000;
/** What WhatsApp takes in one text message, in characters. */
export const MAX_ANSWER_CHARACTERS = 4_096;

/** One of the team, as far as replies are concerned. */
export interface Answerer {
  /** Telegram id. */
  id: number;
  /** Their user in the CRM. */
  crmUserId?: number;
}

/**
 * The Telegram ids to tell: the people of the team who are the lead's responsible user, else those whom the campaign
 * names, if they are on the team, else nobody.
 */
export function hearersOf({
  responsibleUserId,
  repliesTo = [],
  team,
}: {
  responsibleUserId?: number | undefined;
  repliesTo?: readonly number[] | undefined;
  team: readonly Answerer[];
}): number[] {
  const responsible = team.filter(({ crmUserId }) => crmUserId !== undefined && crmUserId === responsibleUserId);
  const heard = responsible.length > 0 ? responsible : team.filter(({ id }) => repliesTo.includes(id));
  return heard.map(({ id }) => id);
}

/** A reply that somebody has or had to deal with, as the report counts it. */
interface Counted {
  phone: string;
  at: Date;
  receivedAt?: Date;
  open?: true;
  answers?: readonly { at: Date; state: string }[];
}

/** What became of a campaign's replies. */
export interface RepliesSummary {
  /** Who wrote something that somebody is to deal with. */
  people: number;
  /** Who was written back to from here. */
  answered: number;
  /** Who waits: something of theirs is not dealt with. */
  open: number;
  /** From a person's first message to the first answer (s), where half took less; absent when nobody was answered. */
  medianSeconds?: number;
}

export function repliesSummary(replies: readonly Counted[]): RepliesSummary {
  const people = new Map<string, { since: number; answeredAt?: number; open: boolean }>();
  for (const { phone, at, receivedAt, open, answers = [] } of replies) {
    const key = personKey(phone);
    const one = people.get(key) ?? { since: Infinity, open: false };
    const taken = answers.filter(({ state }) => state === 'accepted').map((answer) => answer.at.getTime());
    const answeredAt = Math.min(one.answeredAt ?? Infinity, ...taken);
    people.set(key, {
      since: Math.min(one.since, (receivedAt ?? at).getTime()),
      open: one.open || open === true,
      ...(answeredAt < Infinity && { answeredAt }),
    });
  }
  const all = [...people.values()];
  const times = all
    .flatMap(({ since, answeredAt }) => (answeredAt === undefined ? [] : [Math.max(0, answeredAt - since) / 1000]))
    .sort((a, b) => a - b);
  const middle = times.length >> 1;
  const median = times.length % 2 === 1 ? times[middle] : (times[middle - 1]! + times[middle]!) / 2;
  return {
    people: all.length,
    answered: times.length,
    open: all.filter(({ open }) => open).length,
    ...(times.length > 0 && { medianSeconds: median! }),
  };
}

/** When the window closes that the person's last message has opened. */
export function windowEnd(lastWrittenAt: Date): Date {
  return new Date(lastWrittenAt.getTime() + WINDOW_MS);
}

/** Whether the business may write freely now; a message from the future, by a clock ahead, counts as one of now. */
export function isWindowOpen(lastWrittenAt: Date | undefined, now: Date): boolean {
  return lastWrittenAt !== undefined && now < windowEnd(lastWrittenAt);
}
