/** Rules by the country of a number and the category of a message: who may be written to, who is warned of, who is left out. */
import { getCountries, isSupportedCountry } from 'libphonenumber-js/max';
import type { TemplateCategory } from './templates/template';

/** Stands for every country, or every category. */
export const ANY = '*';
export const RULE_CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION', ANY] as const;
export type RuleCategory = (typeof RULE_CATEGORIES)[number];

/**
 * - `allow` write to them
 * - `warn`  write to them, but say so before the campaign starts
 * - `skip`  leave them out, as `skipped(country_rule)`
 */
export const RULE_ACTIONS = ['allow', 'warn', 'skip'] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

export interface CountryRule {
  /** ISO code in capitals, of the number's country; or `*`. */
  country: string;
  category: RuleCategory;
  action: RuleAction;
  /** Whoever has no consent to such messages that can be proved is left out, as `skipped(no_consent)`. */
  consent: boolean;
}

/** What holds where the team has no rule that fits. They only warn: whom to leave out is for an admin to say. */
export const SHIPPED_RULES: readonly (CountryRule & { guard: 'marketing_to_us' | 'marketing_to_russia' })[] = [
  // WhatsApp is off the national DNS since February 2026, and law 72-FZ forbids advertising there (whatsapp.md#countries).
  { country: 'RU', category: 'MARKETING', action: 'warn', consent: false, guard: 'marketing_to_russia' },
  // Meta has delivered no marketing to numbers of the US since April 2025 (whatsapp.md#limits).
  { country: 'US', category: 'MARKETING', action: 'warn', consent: false, guard: 'marketing_to_us' },
];

type ShippedGuard = (typeof SHIPPED_RULES)[number]['guard'];

/** What a rule does; with `guard`, the warning of a shipped one. */
export interface AppliedRule extends Pick<CountryRule, 'action' | 'consent'> {
  guard?: ShippedGuard;
}

const NO_RULE: AppliedRule = { action: 'allow', consent: false };

/**
 * The rule for a country ('' = a number without one) and a category: of the team's own the most specific, a country before
 * a category; of the shipped ones only where no own fits.
 */
export function ruleFor(
  own: readonly CountryRule[],
  country: string,
  category: TemplateCategory | undefined,
): AppliedRule {
  return mostSpecific(own, country, category) ?? mostSpecific(SHIPPED_RULES, country, category) ?? NO_RULE;
}

/** The shipped rules that hold: an own one that fits all that a shipped one is for stands before it (`ruleFor`). */
export function shippedInForce(own: readonly CountryRule[]): CountryRule[] {
  const covers = (one: CountryRule, shipped: CountryRule): boolean =>
    [ANY, shipped.country].includes(one.country) && [ANY, shipped.category].includes(one.category);
  return SHIPPED_RULES.filter((shipped) => !own.some((one) => covers(one, shipped)));
}

/** Whether some rule may leave out people whom a message of this category is for: only then their countries matter. */
export function mayLeaveOut(own: readonly CountryRule[], category: TemplateCategory | undefined): boolean {
  return own.some((rule) => isFor(rule, category) && (rule.action === 'skip' || rule.consent));
}

function mostSpecific<R extends CountryRule>(
  rules: readonly R[],
  country: string,
  category: TemplateCategory | undefined,
): R | undefined {
  const rank = (rule: R): number => Number(rule.country !== ANY) * 2 + Number(rule.category !== ANY);
  return rules
    .filter((rule) => isFor(rule, category) && (rule.country === ANY || rule.country === country))
    .toSorted((a, b) => rank(b) - rank(a))[0];
}

/** A category that Meta has not named is treated as marketing, as everywhere. */
function isFor(rule: CountryRule, category: TemplateCategory | undefined): boolean {
  const asked = category === undefined || category === 'UNKNOWN' ? 'MARKETING' : category;
  return rule.category === ANY || rule.category === asked;
}

/** The country that is meant by a code or by its name in English or Russian, or `*` by "all"; undefined for none. */
export function countryMeant(text: string): string | undefined {
  const typed = text.trim();
  if ([ANY, 'all', 'все'].includes(typed.toLowerCase())) return ANY;
  const code = typed.toUpperCase();
  if (isCountry(code)) return code;
  return countriesByName().get(typed.toLowerCase());
}

/** Whether numbers can be of it: an ISO code in capitals. */
export function isCountry(code: string): boolean {
  return isSupportedCountry(code);
}

let named: ReadonlyMap<string, string> | undefined;

function countriesByName(): ReadonlyMap<string, string> {
  if (named) return named;
  named = new Map(
    ['en', 'ru'].flatMap((language) => {
      const names = new Intl.DisplayNames([language], { type: 'region' });
      return getCountries().map((code) => [names.of(code)!.toLowerCase(), code] as const);
    }),
  );
  return named;
}
