/** Answers to a campaign: who hears of one, and until when it may be answered with words of one's own. */

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

/** When the window closes that the person's last message has opened. */
export function windowEnd(lastWrittenAt: Date): Date {
  return new Date(lastWrittenAt.getTime() + WINDOW_MS);
}

/** Whether the business may write freely now; a message from the future, by a clock ahead, counts as one of now. */
export function isWindowOpen(lastWrittenAt: Date | undefined, now: Date): boolean {
  return lastWrittenAt !== undefined && now < windowEnd(lastWrittenAt);
}
