/**
 * Tells the team what `alerts` holds, as soon as it is due. Each process takes one at a time; one that dies leaves it to
 * the next, which passes over whoever has been told. Only a death between Telegram's answer and our note of it tells
 * somebody twice.
 */
import type { TellTeam } from '../../clients/tell-team';
import type { Logger } from '../../config/logger';
import { drainPeriodically } from '../../config/waiting';
import { ALERT_RULES } from '../../domain/alerts';
import type { Store } from '../../store/connect';
import type { AlertDocument } from '../../store/alerts';
import type { AlertMessage } from './message';
import { createAlertMessages } from './messages';

interface TellAlertsOptions {
  store: Store;
  tell: TellTeam;
  /** IANA zone of the times that are told. */
  timezone: string;
  /** Of the prices for reports; the bundled ones without it. */
  pricesFile?: string | undefined;
  log: Logger;
  /** How often to check (ms). */
  everyMs?: number;
  /** When to try again after Telegram failed (ms). */
  againMs?: number;
}

const EVERY_MS = 2_000;
/** A process that takes an alert and dies holds it up for so long (ms): longer than telling a team takes. */
const TAKEN_MS = 120_000;
/** Telegram failed: the next try (ms). */
const AGAIN_MS = 15_000;
/** It reaches nobody, for example because no one has started the bot yet: the next try (ms). */
const NOBODY_MS = 600_000;
/** News so old (ms) are told to nobody new. */
const STALE_MS = 86_400_000;

export interface AlertTeller {
  /** Tells one that is due; false when none is. Never rejects because somebody could not be told. */
  tellOne(): Promise<boolean>;
}

export function createAlertTeller({
  store,
  tell,
  timezone,
  pricesFile,
  log,
  againMs = AGAIN_MS,
}: TellAlertsOptions): AlertTeller {
  const { alerts, users } = store;
  const messageOf = createAlertMessages({ store, timezone, pricesFile });

  async function recipients({ to, toldTo }: AlertDocument): Promise<ReadonlySet<number>> {
    const all = to ?? (await users.members()).map(({ _id }) => _id);
    return new Set(all.filter((id) => !toldTo.includes(id)));
  }

  /** When to try again those who could not be told; undefined: everybody has heard. */
  async function tellAll(alert: AlertDocument, message: AlertMessage): Promise<number | undefined> {
    const { right } = ALERT_RULES[alert.kind];
    const chosen = await recipients(alert);
    const to = message.among ? await message.among(chosen) : chosen;
    const failed: number[] = [];
    const onSent: Parameters<TellTeam>[4] = async (sent) => {
      await alerts.toldTo(alert, sent.chatId);
      await message.onSent?.(sent);
    };
    // What it throws is in `failed`.
    const told = await tell(right, to, { alert: alert._id }, message.write, onSent, (id) => failed.push(id)).catch(
      () => 0,
    );
    if (failed.length > 0) return againMs;
    return to.size > 0 && told + alert.toldTo.length === 0 ? NOBODY_MS : undefined;
  }

  return {
    tellOne: async () => {
      const now = new Date();
      const alert = await alerts.take(now, new Date(now.getTime() + TAKEN_MS));
      if (!alert) return false;
      try {
        const message = await messageOf(alert);
        if (!message) await alerts.drop(alert);
        else {
          const pauseMs = await tellAll(alert, message);
          const isStale = now.getTime() - (alert.dueSince ?? now).getTime() > STALE_MS;
          if (pauseMs !== undefined && !isStale) await alerts.putOff(alert, new Date(Date.now() + pauseMs));
          else await alerts.done(alert, new Date());
        }
      } catch (err) {
        log.error({ err, alert: alert._id }, 'Cannot tell an alert: trying again');
        await alerts.putOff(alert, new Date(Date.now() + againMs));
      }
      return true;
    },
  };
}

/** Runs until aborted. Never rejects. */
export async function runAlerts(options: TellAlertsOptions, stop: AbortSignal): Promise<void> {
  const { tellOne } = createAlertTeller(options);
  const failed = (err: unknown): void => options.log.error({ err }, 'Cannot look for alerts: trying again');
  await drainPeriodically(async () => !stop.aborted && (await tellOne()), {
    everyMs: options.everyMs ?? EVERY_MS,
    stop,
    failed,
  });
}
