/** Recognises events of our own senders: an account may have other apps that share one webhook address. */
import type { Origin } from '../clients/gupshup/events';
import { personKey } from '../domain/phones/person';

/** The app's name and id, and its number in E.164. */
export type OwnApp = Required<Origin>;

/**
 * The senders whose event it may be: the one it names, by app id, app or number; none when it names another app; all
 * when it says nothing.
 */
export function sendersOfEvent(origin: Origin | undefined, own: readonly OwnApp[]): OwnApp[] {
  return own.filter((one) => mayBeOf(origin, one));
}

function mayBeOf(origin: Origin | undefined, own: OwnApp): boolean {
  if (origin?.appId !== undefined) return origin.appId === own.appId;
  if (origin?.app !== undefined) return origin.app.toLowerCase() === own.app.toLowerCase();
  return origin?.phone === undefined || personKey(origin.phone) === personKey(own.phone);
}
