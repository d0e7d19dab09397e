/** What may be an opt-out and needs a person of the team: the words are unclear, or nothing tells who said them. */
import type { Actor } from '../story/actor';

export interface PossibleOptOut {
  at: Date;
  /** A typed word, a button, WhatsApp's own switch, or Gupshup's older opt-out. */
  by: 'reply' | 'button' | 'preference' | 'user event';
  /** The words say it clearly; what is missing is whose they are. */
  clear: boolean;
  /** E.164; absent when nothing tells who it is. */
  phone?: string;
  userId?: string;
  /** As they call themselves, or as the contacts know them. */
  name?: string;
  text?: string;
  /** Name of the campaign that it answers. */
  campaign?: string;
  /** Absent while it needs somebody. */
  answer?: OptOutAnswer;
}

/**
 * - `opt_out`     an admin read it so
 * - `no_opt_out`  an admin read it otherwise
 * - `dealt_with`  an admin has found out who it is, or cannot
 * - `known`       it has become known whose it was
 * - `clear_word`  the same person has said clearly what they want
 * - `erased`      the person was erased before anybody answered
 */
export type OptOutChoice = 'opt_out' | 'no_opt_out' | 'dealt_with';

export interface OptOutAnswer {
  choice: OptOutChoice | 'known' | 'clear_word' | 'erased';
  by: Actor;
  at: Date;
}

/** What an admin can say about it. */
export function choicesOf({ phone, answer }: Pick<PossibleOptOut, 'phone' | 'answer'>): OptOutChoice[] {
  if (answer) return [];
  return phone === undefined ? ['dealt_with'] : ['opt_out', 'no_opt_out'];
}
