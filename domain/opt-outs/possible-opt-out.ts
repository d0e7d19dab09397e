/** A possible opt-out that the team must decide: its words are unclear, or its sender is unknown. */
import type { Actor } from '../story/actor';

export interface PossibleOptOut {
  at: Date;
  /** A typed word, a button, WhatsApp's own switch, or Gupshup's older opt-out. */
  by: 'reply' | 'button' | 'preference' | 'user event';
  /** The words are clear; only the sender is unknown. */
  clear: boolean;
  /** E.164; absent when the sender is unknown. */
  phone?: string;
  userId?: string;
  /** The person's name from WhatsApp or from the contacts. */
  name?: string;
  text?: string;
  /** Name of the campaign it answers. */
  campaign?: string;
  /** Absent while it awaits an answer. */
  answer?: OptOutAnswer;
}

/**
 * - `opt_out` an admin read it as an opt-out
 * - `no_opt_out` an admin read it as something else
 * - `dealt_with` an admin has found out who it is, or cannot
 * - `known` the sender has become known
 * - `clear_word` the same person has since said clearly what they want
 * - `erased` the person was erased before anyone answered
 */
export type OptOutChoice = 'opt_out' | 'no_opt_out' | 'dealt_with';

export interface OptOutAnswer {
  choice: OptOutChoice | 'known' | 'clear_word' | 'erased';
  by: Actor;
  at: Date;
}

/** The answers an admin can give. */
export function choicesOf({ phone, answer }: Pick<PossibleOptOut, 'phone' | 'answer'>): OptOutChoice[] {
  if (answer) return [];
  return phone === undefined ? ['dealt_with'] : ['opt_out', 'no_opt_out'];
}
