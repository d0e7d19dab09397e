/** The senders of this deployment, each with its Gupshup client. */
import type { Logger } from '../../config/logger';
import { sendersOf, type SenderSettings, type SendersSettings } from '../../config/senders';
import { createGupshupOf, type GupshupClient } from './client';

export interface Sender extends SenderSettings {
  gupshup: GupshupClient;
}

export interface Senders {
  /** At least one; the order of the settings. */
  readonly all: readonly Sender[];
  /** Of campaigns that name none. */
  readonly byDefault: Sender;
  /** By the app's name. Undefined when it is not, or no longer, among the settings. */
  find(app: string): Sender | undefined;
  close(): Promise<void>;
}

export function connectSenders(settings: SendersSettings, log: Logger): Senders {
  return sendersFrom(sendersOf(settings).map((sender) => ({ ...sender, gupshup: createGupshupOf(sender, log) })));
}

/** The sender's cap in messages per second; that of the smallest while it is not among the settings. */
export function capOf(app: string, { all, find }: Pick<Senders, 'all' | 'find'>): number {
  return find(app)?.sendsPerSecond ?? Math.min(...all.map(({ sendsPerSecond }) => sendsPerSecond));
}

/** One of each account's apps: one key is one account, and its apps share the wallet. */
export function accountsOf(senders: readonly Sender[]): Sender[] {
  return [...new Map(senders.map((sender) => [sender.apiKey, sender])).values()];
}

/** Of at least one sender. */
export function sendersFrom(all: readonly Sender[]): Senders {
  return {
    all,
    byDefault: all.find(({ isDefault }) => isDefault) ?? all[0]!,
    find: (app) => all.find((sender) => sender.app === app),
    close: async () => void (await Promise.allSettled(all.map(({ gupshup }) => gupshup.close()))),
  };
}
