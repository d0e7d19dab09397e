/**
 * Tells the team in Telegram about possible opt-outs that a person must decide: once each, whichever worker takes it.
 */
import type { TellTeam } from '../clients/tell-team';
import { buttonData } from '../clients/telegram-buttons';
import type { Logger } from '../config/logger';
import { drainPeriodically } from '../config/waiting';
import { renderPossibleOptOut } from '../report/possible-opt-out';
import type { Store } from '../store/connect';
import type { PossibleOptOutDocument } from '../store/possible-opt-outs';

interface OptOutAlertsOptions {
  store: Pick<Store, 'possibleOptOuts' | 'users'>;
  tell: TellTeam;
  timezone: string;
  log: Logger;
  /** How often to check (ms). */
  everyMs?: number;
  /** When an alert that reached no one is tried again (ms). */
  againMs?: number;
}

const EVERY_MS = 5_000;
const AGAIN_MS = 600_000;
/** A process that takes an alert and dies blocks it for this long (ms): longer than telling a team takes. */
const TAKEN_MS = 120_000;

/** Runs until aborted. Never rejects: a message that cannot be sent is tried again. */
export async function runOptOutAlerts(options: OptOutAlertsOptions, stop: AbortSignal): Promise<void> {
  const { log, everyMs = EVERY_MS } = options;
  const failed = (err: unknown): void =>
    log.error({ err }, 'Cannot tell the team about a possible opt-out: trying again');
  await drainPeriodically(() => tellOne(options), { everyMs, stop, failed });
}

/** True if there was something to tell. If Telegram accepted no message, it releases the alert and throws. */
async function tellOne({ store, tell, timezone, againMs = AGAIN_MS }: OptOutAlertsOptions): Promise<boolean> {
  const now = new Date();
  const one = await store.possibleOptOuts.takeUntold(now, after(now, TAKEN_MS));
  if (!one) return false;
  try {
    const to = await stillToTell(store, one);
    const told = await tell(
      'optOuts.decide',
      to,
      { possibleOptOut: one.key },
      (language) => {
        const { html, choices } = renderPossibleOptOut(one, { language, timezone });
        const buttons = choices.map(({ choice, text }) => ({ text, data: buttonData('optOut', one.key, choice) }));
        return { text: html, buttons: [buttons] };
      },
      (message) => store.possibleOptOuts.addMessage(one._id, message),
    );
    // For example, no team member has written to the bot yet: the alert must not be lost.
    if (told + one.messages.length === 0) await store.possibleOptOuts.putOff(one._id, after(new Date(), againMs));
    else await store.possibleOptOuts.told(one._id, new Date());
  } catch (error) {
    await store.possibleOptOuts.putOff(one._id, new Date());
    throw error;
  }
  return true;
}

/** Another process may have died halfway: people already told get no second message. */
async function stillToTell(
  store: OptOutAlertsOptions['store'],
  { messages }: PossibleOptOutDocument,
): Promise<'all' | ReadonlySet<number>> {
  if (messages.length === 0) return 'all';
  const have = new Set(messages.map(({ chatId }) => chatId));
  return new Set((await store.users.members()).map(({ _id }) => _id).filter((id) => !have.has(id)));
}

const after = (from: Date, ms: number): Date => new Date(from.getTime() + ms);
