/** The sender that is named, or the default one. */
import type { Sender, Senders } from '../clients/gupshup/senders';
import { done, refused, type Result } from '../config/errors';

/** Refused when the settings have no such sender. */
export function senderNamed(
  app: string | undefined,
  senders: Pick<Senders, 'all' | 'byDefault' | 'find'>,
): Result<Sender> {
  const found = app === undefined ? senders.byDefault : senders.find(app);
  return found ? done(found) : refused('sender_unknown', { sender: app!, senders: appsOf(senders).join(', ') });
}

function appsOf({ all }: Pick<Senders, 'all'>): string[] {
  return all.map(({ app }) => app);
}
