/** Recognises events of our own app: an account may have several apps that share one webhook address. */
import type { Origin } from '../clients/gupshup/events';
import { personKey } from '../domain/phones/person';

/** The app's name and id, and its number in E.164. */
export type OwnApp = Required<Origin>;

/** False if the event says that it belongs to another app. An event that says nothing may be ours. */
export function isOurs(origin: Origin | undefined, own: OwnApp): boolean {
  if (origin?.appId !== undefined) return origin.appId === own.appId;
  if (origin?.app !== undefined) return origin.app.toLowerCase() === own.app.toLowerCase();
  return origin?.phone === undefined || personKey(origin.phone) === personKey(own.phone);
}
