/** Plans who gets a campaign and why others do not: preflight and the frozen audience use the same rules. */
import type { CountryCode } from 'libphonenumber-js';
import type { AudienceSource, ParameterSource, Person } from '../domain/audience';
import type { CampaignSpec } from '../domain/campaign-spec';
import type { CampaignVariant } from '../domain/campaign-variants';
import { controlOf } from '../domain/control-group';
import { hoursAsked, type SendingHours } from '../domain/times/sending-hours';
import { createCountryOf } from '../domain/phones/phone-country';
import type { Template, TemplateCategory } from '../domain/templates/template';
import { variantOf } from '../domain/variants';
import type { CampaignDocument } from '../store/documents';
import { createExclusions, type ContactRules, type Exclusion } from './exclusions';
import { createOpeningHours } from './hours';
import { createNeverReads } from './never-reads';
import { planAudience, type PlannedDelivery, type PlannedVariants, type PlanOptions } from './plan';
import { openAudience, openExcluded, type AudienceServices } from './sources';

export interface PlannerDependencies {
  store: Parameters<typeof createExclusions>[0] & Parameters<typeof createNeverReads>[0];
  /** Sources of people: the CRM and the saved lists. */
  audience: AudienceServices;
  /** For numbers without a country code. */
  country: CountryCode;
  /** The zone that decides on which day a moment in a column falls; default UTC. */
  timezone?: string;
  contactRules: ContactRules;
}

interface ToPlan {
  audience: AudienceSource;
  template: Template;
  parameters: readonly ParameterSource[];
  hours?: SendingHours | undefined;
  variants?: PlannedVariants | undefined;
  /** Says of a number whether its person is held back as the control group. */
  control?: ((phone: string) => boolean) | undefined;
  neverReads?: CampaignSpec['neverReads'] | undefined;
  withoutCountries?: CampaignSpec['withoutCountries'] | undefined;
  /** On numbers that somebody of the team typed for it: rules by country do not hold it. */
  isTest?: boolean | undefined;
  /** The current category; the template's own when absent. */
  category?: TemplateCategory;
}

/** The spec's further variants with their templates; undefined when there are none. */
export function plannedVariants(
  spec: Pick<CampaignSpec, 'variants' | 'splitKey' | 'name' | 'winner'>,
  variants: readonly Pick<CampaignVariant, 'template'>[] = [],
): PlannedVariants | undefined {
  const of = variants.length > 0 ? variantOf(spec) : undefined;
  if (!of) return undefined;
  const parameters = (spec.variants ?? []).map((one) => one.parameters);
  return { of, further: variants.map(({ template }, index) => ({ template, parameters: parameters[index] ?? [] })) };
}

/** A stored campaign in the form the planner needs. */
export function toPlan({
  spec,
  template,
  variants,
  test,
  single,
}: Pick<CampaignDocument, 'spec' | 'template' | 'variants' | 'test' | 'single'>): ToPlan {
  const { audience, parameters } = spec;
  return {
    ...{ audience, parameters, template },
    hours: hoursAsked(spec),
    control: test ? undefined : controlOf(spec),
    neverReads: test ? undefined : spec.neverReads,
    withoutCountries: test ? undefined : spec.withoutCountries,
    isTest: test && !single,
    variants: plannedVariants(spec, variants),
  };
}

/** Observers of the people as they are read: each takes a stream and returns one with the same people. */
interface LookingOn {
  people?: (people: AsyncIterable<Person>) => AsyncIterable<Person>;
  leftOut?: (people: AsyncIterable<Person>) => AsyncIterable<Person>;
  unclear?: PlanOptions['unclear'];
}

type Planner = (campaign: ToPlan, lookingOn?: LookingOn) => AsyncGenerator<PlannedDelivery[]>;

const asTheyCome = (people: AsyncIterable<Person>): AsyncIterable<Person> => people;

/** Plans as `planAudience` does. The stream throws what the audience's services throw. */
export function createPlanner(dependencies: PlannerDependencies): Planner {
  const { store, audience: services, country, timezone, contactRules } = dependencies;
  const exclusions = createExclusions(store, contactRules);
  const opening = createOpeningHours();
  const silent = createNeverReads(store);
  const countryOf = createCountryOf();
  return (campaign, { people = asTheyCome, leftOut = asTheyCome, unclear } = {}) => {
    const { audience, template, parameters, hours, control, variants, neverReads, withoutCountries = [] } = campaign;
    const { category = template.category, isTest } = campaign;
    return planAudience(people(openAudience(audience, services)), {
      without: leftOut(openExcluded(audience, services)),
      template,
      parameters,
      country,
      ...(timezone && { timezone }),
      ...(unclear && { unclear }),
      ...(control && { control }),
      ...(variants && { variants }),
      excluded: async (phones) =>
        new Map([
          ...(neverReads ? await silent(phones, neverReads.campaigns) : []),
          ...opening.neverOpen(hours, phones, new Date()),
          ...ofCountries(phones, withoutCountries, countryOf),
          ...(await exclusions.among(phones, category, isTest)),
        ]),
    });
  };
}

/** Those whose number is of a country that the campaign leaves out. */
function ofCountries(
  phones: readonly string[],
  countries: readonly string[],
  countryOf: (phone: string) => string,
): [string, Exclusion][] {
  if (countries.length === 0) return [];
  return phones.flatMap((phone) => {
    const country = countryOf(phone);
    return countries.includes(country) ? [[phone, { reason: 'country_rule', detail: country }]] : [];
  });
}
