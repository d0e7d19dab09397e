/** The countries of a campaign's people: how many of each, and what the rules do with them. Filled while they are planned. */
import type { PlannedDelivery } from '../audience/plan';
import { refused, refusalOf, type Refusal } from '../config/errors';
import type { CountryOutcome } from '../domain/country-delivery';
import { numberText } from '../config/formats';
import type { Language } from '../config/i18n';
import { ruleFor, type AppliedRule, type CountryRule } from '../domain/country-rules';
import { createCountryOf } from '../domain/phones/phone-country';
import type { TemplateCategory } from '../domain/templates/template';

/** The people of one country. */
export interface CountryPeople extends AppliedRule {
  /** ISO code; '' for numbers without a country. */
  country: string;
  /** Whom it is sent to. */
  people: number;
  /** Left out: by a rule, or because the campaign leaves the country out. */
  skipped: number;
  /** Left out for want of a consent. */
  noConsent: number;
  /** What arrived there in the last 30 days, by our own ledger; absent where there is too little to say. */
  lately?: { sent: number; delivered: number };
}

export interface CountriesWatch {
  add(planned: PlannedDelivery): void;
  /** Whom it is sent to, by country. */
  readonly counts: ReadonlyMap<string, number>;
  /** Those with most people first; countries of which nobody is sent to or left out for it are not among them. */
  found(lately?: ReadonlyMap<string, CountryOutcome>): CountryPeople[];
}

export function watchCountries(rules: readonly CountryRule[], category: TemplateCategory | undefined): CountriesWatch {
  const countryOf = createCountryOf();
  const counts = new Map<string, number>();
  const left = { country_rule: new Map<string, number>(), no_consent: new Map<string, number>() };
  const more = (map: Map<string, number>, country: string): unknown => map.set(country, (map.get(country) ?? 0) + 1);
  return {
    counts,
    add: (planned) => {
      const { phone } = planned;
      if (phone === undefined) return;
      if (planned.state === 'queued') more(counts, countryOf(phone));
      else if (planned.reason === 'country_rule' || planned.reason === 'no_consent')
        more(left[planned.reason], countryOf(phone));
    },
    found: (lately) =>
      [...new Set([...counts.keys(), ...left.country_rule.keys(), ...left.no_consent.keys()])]
        .map((country) => ({
          country,
          people: counts.get(country) ?? 0,
          skipped: left.country_rule.get(country) ?? 0,
          noConsent: left.no_consent.get(country) ?? 0,
          ...ruleFor(rules, country, category),
          ...latelyIn(lately?.get(country)),
        }))
        .sort((a, b) => b.people + b.skipped + b.noConsent - (a.people + a.skipped + a.noConsent)),
  };
}

function latelyIn(outcome: CountryOutcome | undefined): Pick<CountryPeople, 'lately'> {
  return outcome ? { lately: { sent: outcome.sent, delivered: outcome.delivered } } : {};
}

/** What is said of the countries whose rule is to warn, where somebody is sent to. */
export function countryWarnings(countries: readonly CountryPeople[]): Refusal[] {
  return countries
    .filter(({ action, people }) => action === 'warn' && people > 0)
    .map(({ guard, country, people: count }) =>
      guard ? refusalOf({ code: guard, values: { count } }) : refused('country_warned', { country, count }).refusal,
    );
}

/** The countries that the warnings are about. */
export function warnedCountries(countries: readonly CountryPeople[]): string[] {
  return countries
    .filter(({ action, people, country }) => action === 'warn' && people > 0 && country !== '')
    .map(({ country }) => country);
}

/** Whether the countries say more than how many people there are: several of them, a rule that does something, or what arrived there. */
export function areTelling(countries: readonly CountryPeople[]): boolean {
  return (
    countries.length > 1 ||
    countries.some(
      ({ action, skipped, noConsent, lately }) => action !== 'allow' || skipped > 0 || noConsent > 0 || lately,
    )
  );
}

/** Percent delivered: whole ones, and a decimal where that would round to nothing. */
export function shareText({ sent, delivered }: { sent: number; delivered: number }, language: Language): string {
  const percent = (delivered / sent) * 100;
  return numberText(percent, language, percent > 0 && percent < 1 ? 1 : 0);
}
