/**
 * Who must not get a message now, although the number is fine: suppressed, without the consent that is required, or
 * with enough marketing messages lately. The same rules when an audience is planned and right before each call.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/settings';
import { consentNeeded, type ConsentDemand } from '../domain/opt-outs/consent';
import type { SkipReason } from '../domain/story/delivery';
import { isMarketing } from '../domain/opt-outs/suppression';
import type { TemplateCategory } from '../domain/templates/template';
import { batched } from '../store/batch';
import type { Store } from '../store/connect';
import type { SentMessage } from '../store/contact-history';

/** The rules of this installation, over all campaigns. */
export interface ContactRules {
  requireConsent: ConsentDemand;
  /** At most so many marketing messages to a number in so many days; absent = any number of them. */
  frequencyCap?: { messages: number; days: number };
}

export interface Exclusion {
  reason: Extract<SkipReason, 'opted_out' | 'suppressed' | 'no_consent' | 'frequency_cap' | 'outside_hours'>;
  /** For reports: no personal data. */
  detail: string;
}

/** A delivery that an attempt has claimed and is about to send. */
export interface ClaimedDelivery {
  _id: string;
  phone: string;
  claimedAt: Date;
  category: TemplateCategory | undefined;
  /** Sent to one person on purpose: counts, but is not held back by the frequency cap. */
  single: boolean;
}

export interface Exclusions {
  /** Those of the numbers that a template of the category must not go to now, and why. */
  among(phones: readonly string[], category: TemplateCategory | undefined): Promise<Map<string, Exclusion>>;
  /** Why this one must not be sent after all, if so. Calls that come together are one look at the database. */
  of(claimed: ClaimedDelivery): Promise<Exclusion | undefined>;
}

const DAY_MS = 86_400_000;
/** A claim that is under way to the same person: how often it is looked at, and how long (ms). A claim lives longer. */
const UNDER_WAY_LOOK_MS = 100;
const UNDER_WAY_WAIT_MS = 3_000;

/** What the settings say. */
export function contactRules(
  settings: Pick<Settings, 'REQUIRE_CONSENT' | 'FREQUENCY_CAP_MESSAGES' | 'FREQUENCY_CAP_DAYS'>,
): ContactRules {
  const { REQUIRE_CONSENT: requireConsent, FREQUENCY_CAP_MESSAGES: messages, FREQUENCY_CAP_DAYS: days } = settings;
  return { requireConsent, ...(messages !== undefined && { frequencyCap: { messages, days } }) };
}

export function createExclusions(
  store: Pick<Store, 'suppressions' | 'contacts' | 'sent'>,
  { requireConsent, frequencyCap }: ContactRules,
): Exclusions {
  /** Looks the numbers up once, and answers about each of them: `counts` picks the messages that the cap counts. */
  async function judge(
    phones: readonly string[],
    category: TemplateCategory | undefined,
  ): Promise<(phone: string, counts: (message: SentMessage) => boolean) => Exclusion | undefined> {
    const needed = consentNeeded(requireConsent, category);
    const cap = isMarketing(category) ? frequencyCap : undefined;
    const [suppressed, consented, sent] = await Promise.all([
      store.suppressions.among(phones, category),
      needed && store.contacts.consented(phones, needed),
      cap && store.sent.marketing(phones, new Date(Date.now() - cap.days * DAY_MS)),
    ]);
    return (phone, counts) => {
      const suppression = suppressed.get(phone);
      if (suppression) {
        const reason = suppression.reason === 'opted_out' ? 'opted_out' : 'suppressed';
        return { reason, detail: suppression.reason };
      }
      if (needed && !consented?.has(phone)) return { reason: 'no_consent', detail: needed[0]! };
      const count = sent?.get(phone)?.filter(counts).length ?? 0;
      return cap && count >= cap.messages
        ? { reason: 'frequency_cap', detail: `${count} in ${cap.days} d` }
        : undefined;
    };
  }

  /** Of those that come together: who is excluded, and who would be if all that is under way to them arrives. */
  const look = batched(async (calls: readonly ClaimedDelivery[]) => {
    const categories = [...new Set(calls.map(({ category }) => category))];
    const judges = await Promise.all(
      categories.map((wanted) =>
        judge(
          calls.filter(({ category }) => category === wanted).map(({ phone }) => phone),
          wanted,
        ),
      ),
    );
    return calls.map((call) => {
      const judgeOne = judges[categories.indexOf(call.category)]!;
      return {
        now: judgeOne(call.phone, (message) => !call.single && isBefore(message, call)),
        perhaps: judgeOne(call.phone, ({ _id }) => !call.single && _id !== call._id),
      };
    });
  });

  /**
   * A later claim that is under way may have been made before this one was there to be seen: workers' clocks differ, and
   * a claim is not written in no time. What becomes of it is waited for.
   */
  async function of(claimed: ClaimedDelivery): Promise<Exclusion | undefined> {
    for (const startedAt = Date.now(); ; await sleep(UNDER_WAY_LOOK_MS)) {
      const { now, perhaps } = await look(claimed);
      if (now || !perhaps) return now;
      if (Date.now() - startedAt > UNDER_WAY_WAIT_MS) return perhaps;
    }
  }

  return {
    among: async (phones, category) => {
      const exclusionOf = await judge(phones, category);
      return new Map(
        phones.flatMap((phone) => {
          const exclusion = exclusionOf(phone, () => true);
          return exclusion ? [[phone, exclusion] as const] : [];
        }),
      );
    },
    of,
  };
}

/**
 * Whether the message takes up room in the cap before the claimed one does. Of two campaigns that are about to write
 * to the same person at the same moment the earlier claim goes first, once the later one has yielded.
 */
function isBefore(message: SentMessage, { _id, claimedAt }: ClaimedDelivery): boolean {
  if (message._id === _id) return false;
  if (message.state !== 'sending') return true;
  const earlier = message.claimedAt.getTime() - claimedAt.getTime();
  return earlier < 0 || (earlier === 0 && message._id < _id);
}
