/**
 * Decides who must not get a message now although the number is fine: suppressed, of a country that a rule leaves out,
 * without a required consent, or with enough marketing messages lately. The same rules apply when an audience is planned
 * and right before each call.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../config/settings';
import { mayLeaveOut, ruleFor, type AppliedRule, type CountryRule } from '../domain/country-rules';
import { consentFor, consentNeeded, type ConsentDemand } from '../domain/opt-outs/consent';
import type { SkipReason } from '../domain/story/delivery';
import { isMarketing } from '../domain/opt-outs/suppression';
import { createCountryOf } from '../domain/phones/phone-country';
import type { TemplateCategory } from '../domain/templates/template';
import { batched } from '../store/batch';
import type { Store } from '../store/connect';
import { createShortCache } from '../store/short-cache';
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
    'opted_out' | 'suppressed' | 'country_rule' | 'no_consent' | 'frequency_cap' | 'outside_hours' | 'never_reads'
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
  /** A test on a number that somebody of the team typed for it: rules by country do not hold it. */
  test?: boolean;
}

export interface Exclusions {
  /** The numbers that a template of this category must not go to now, with reasons. `isTest`: as `ClaimedDelivery.test`. */
  among(
    phones: readonly string[],
    category: TemplateCategory | undefined,
    isTest?: boolean,
  ): Promise<Map<string, Exclusion>>;
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
  store: Pick<Store, 'suppressions' | 'contacts' | 'countryRules' | 'sent'>,
  { requireConsent, frequencyCap }: ContactRules,
): Exclusions {
  const countryOf = createCountryOf();
  const freshRules = createShortCache(() => store.countryRules.all());

  /** What the rules say of each number's country; undefined while no rule may leave anybody out. */
  function rulesOf(
    rules: readonly CountryRule[],
    category: TemplateCategory | undefined,
  ): ((phone: string) => AppliedRule & { country: string }) | undefined {
    if (!mayLeaveOut(rules, category)) return undefined;
    return (phone) => {
      const country = countryOf(phone);
      return { ...ruleFor(rules, country, category), country };
    };
  }

  /** Looks up the numbers once and judges each; `counts` selects the messages that the cap counts. */
  async function judge(
    phones: readonly string[],
    category: TemplateCategory | undefined,
    rules: readonly CountryRule[],
  ): Promise<(phone: string, counts: (message: SentMessage) => boolean, isTest: boolean) => Exclusion | undefined> {
    const needed = consentNeeded(requireConsent, category);
    const cap = isMarketing(category) ? frequencyCap : undefined;
    const ruleOf = rulesOf(rules, category);
    const ruled = ruleOf ? phones.filter((phone) => ruleOf(phone).consent) : [];
    const [suppressed, consented, proved, sent] = await Promise.all([
      store.suppressions.among(phones, category),
      needed && store.contacts.consented(phones, needed),
      ruled.length > 0 && store.contacts.proved(ruled, consentFor(category)),
      cap && store.sent.marketing(phones, new Date(Date.now() - cap.days * DAY_MS)),
    ]);
    return (phone, counts, isTest) => {
      const suppression = suppressed.get(phone);
      if (suppression) {
        const reason = suppression.reason === 'opted_out' ? 'opted_out' : 'suppressed';
        return { reason, detail: suppression.reason };
      }
      const rule = isTest ? undefined : ruleOf?.(phone);
      if (rule?.action === 'skip') return { reason: 'country_rule', detail: rule.country };
      // A rule asks for one that can be proved, the setting for any that is recorded.
      if ((needed && !consented?.has(phone)) || (rule?.consent && !(proved && proved.has(phone))))
        return { reason: 'no_consent', detail: consentFor(category)[0] };
      const count = sent?.get(phone)?.filter(counts).length ?? 0;
      return cap && count >= cap.messages
        ? { reason: 'frequency_cap', detail: `${count} in ${cap.days} d` }
        : undefined;
    };
  }

  /** For concurrent calls: who is excluded, and who would be if everything in progress for them arrives. */
  const look = batched(async (calls: readonly ClaimedDelivery[]) => {
    const categories = [...new Set(calls.map(({ category }) => category))];
    const rules = await freshRules('');
    const judges = await Promise.all(
      categories.map((wanted) =>
        judge(
          calls.filter(({ category }) => category === wanted).map(({ phone }) => phone),
          wanted,
          rules,
        ),
      ),
    );
    return calls.map((call) => {
      const judgeOne = judges[categories.indexOf(call.category)]!;
      return {
        now: judgeOne(call.phone, (message) => !call.single && isBefore(message, call), call.test === true),
        perhaps: judgeOne(call.phone, ({ _id }) => !call.single && _id !== call._id, call.test === true),
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
    among: async (phones, category, isTest = false) => {
      const exclusionOf = await judge(phones, category, await store.countryRules.all());
      return new Map(
        phones.flatMap((phone) => {
          const exclusion = exclusionOf(phone, () => true, isTest);
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
