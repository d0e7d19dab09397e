/**
 * Decides who must not get a message now although the number is fine: suppressed, without a required consent, or with
 * enough marketing messages lately. The same rules apply when an audience is planned and right before each call.
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

/** This installation's rules, across all campaigns. */
export interface ContactRules {
  requireConsent: ConsentDemand;
  /** At most this many marketing messages per number in this many days; absent = no limit. */
  frequencyCap?: { messages: number; days: number };
}

export interface Exclusion {
  reason: Extract<
    SkipReason,
    'opted_out' | 'suppressed' | 'no_consent' | 'frequency_cap' | 'outside_hours' | 'never_reads'
  >;
  /** For reports: contains no personal data. */
  detail: string;
}

/** A delivery that an attempt has claimed and is about to send. */
export interface ClaimedDelivery {
  _id: string;
  phone: string;
  claimedAt: Date;
  category: TemplateCategory | undefined;
  /** Sent to one person on purpose: it counts, but the frequency cap does not block it. */
  single: boolean;
}

export interface Exclusions {
  /** The numbers that a template of this category must not go to now, with reasons. */
  among(phones: readonly string[], category: TemplateCategory | undefined): Promise<Map<string, Exclusion>>;
  /** Why this delivery must not be sent after all, if so. Concurrent calls share one database read. */
  of(claimed: ClaimedDelivery): Promise<Exclusion | undefined>;
}

const DAY_MS = 86_400_000;
/** How often, and how long, to check another claim in progress for the same person (ms). A claim lives longer. */
const UNDER_WAY_LOOK_MS = 100;
const UNDER_WAY_WAIT_MS = 3_000;

/** The rules from the settings. */
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
  /** Looks up the numbers once and judges each; `counts` selects the messages that the cap counts. */
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

  /** For concurrent calls: who is excluded, and who would be if everything in progress for them arrives. */
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
   * A later claim in progress may have been written before this one was visible, because workers' clocks differ and
   * writing a claim takes time. Wait for its outcome.
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
 * Whether the message counts before the claimed one. If two campaigns claim the same person at the same moment, the
 * earlier claim is sent once the later one has yielded.
 */
function isBefore(message: SentMessage, { _id, claimedAt }: ClaimedDelivery): boolean {
  if (message._id === _id) return false;
  if (message.state !== 'sending') return true;
  const earlier = message.claimedAt.getTime() - claimedAt.getTime();
  return earlier < 0 || (earlier === 0 && message._id < _id);
}
