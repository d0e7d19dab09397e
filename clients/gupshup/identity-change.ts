/**
 * WhatsApp's system messages: somebody has a new number, or their user id a new form
 * (whatsapp.md#people-without-a-number).
 */
import type { EventDraft } from './events';
import { compact, personIn, word } from './fields';

const CHANGES = /^(?:user|customer)_changed_(?:number|user_id)$/i;
/** "User Anna changed from RU.1 to RU.2", where the fields do not say it. Her name may be anything: the last counts. */
const IN_WORDS = /^.*changed from (.+?) to (.+?)\.?$/s;

/**
 * The change that a system message tells; any other system message is none of our business, and no reply either.
 * `before`: whom the message names as its sender, which is who they were.
 */
export function identityChange(
  before: { phone?: string; userId?: string },
  system: Record<string, unknown>,
  at: Date | undefined,
): EventDraft[] {
  const type = word.parse(system['type']) ?? 'system';
  if (!CHANGES.test(type)) return [{ kind: 'other', type, ...compact({ at }) }];
  const [, oldInWords, newInWords] = IN_WORDS.exec(word.parse(system['body']) ?? '') ?? [];
  const is = personIn(system['new_wa_id'], system['wa_id'], system['new_user_id'], system['user_id'], newInWords);
  // Some name who they are now as the sender.
  const named = [before.phone, before.userId].filter((name) => name !== is.phone && name !== is.userId);
  const was = personIn(...named, system['previous_user_id'], oldInWords);
  return [{ kind: 'identity', ...was, ...compact({ newPhone: is.phone, newUserId: is.userId, at }) }];
}
