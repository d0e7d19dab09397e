/** What is worth knowing before a template goes to these people, and no reason not to start. */
import type { ClockCounter } from '../audience/clocks';
import type { Refusal } from '../config/errors';
import type { ParameterSource, Person } from '../domain/audience';
import { DEFAULT_OPT_OUT_WORDS, isOptOutLabel, tellsOptOut, type OptOutWords } from '../domain/opt-outs/opt-out-words';
import { withoutNumbers } from '../domain/story/number-like';
import { columnValue } from '../domain/templates/parameters';
import { isMarketing } from '../domain/opt-outs/suppression';
import { parametersOf, type Template } from '../domain/templates/template';

/**
 * Looks on while the people come, and notes which of the columns that parameters name are nobody's: a misspelt one
 * would give everybody the fallback.
 */
export function watchColumns(parameters: readonly ParameterSource[]): {
  watch: (people: AsyncIterable<Person>) => AsyncIterable<Person>;
  missing: () => Refusal[];
} {
  const sought = new Map(
    parameters.flatMap((parameter, index) => (parameter.kind === 'column' ? [[index, parameter.column] as const] : [])),
  );
  async function* watch(people: AsyncIterable<Person>): AsyncGenerator<Person> {
    for await (const person of people) {
      for (const [index, column] of sought) if (columnValue(person.columns, column) !== '') sought.delete(index);
      yield person;
    }
  }
  return {
    watch,
    missing: () =>
      [...sought].map(([index, column]) => ({ code: 'column_empty', values: { position: index + 1, column } })),
  };
}

/** What the audience is called, such as a file's name, holds what looks like a phone number. */
export function labelWarnings(audienceLabel: string): Refusal[] {
  const masked = withoutNumbers(audienceLabel);
  return masked === audienceLabel ? [] : [{ code: 'label_masked', values: { masked } }];
}

/** `recipients` by the ISO code of their country. */
export function templateWarnings(
  template: Template,
  recipients: ReadonlyMap<string, number>,
  words: OptOutWords = DEFAULT_OPT_OUT_WORDS,
): Refusal[] {
  const { name, quality, category } = template;
  const warnings: Refusal[] = [];
  if (quality === 'RED' || quality === 'YELLOW') {
    warnings.push({ code: 'template_low_quality', values: { template: name, quality } });
  }
  if (parametersOf(template).some(({ place }) => place === 'header')) {
    warnings.push({ code: 'template_header_variable', values: { template: name } });
  }
  // WhatsApp delivers no marketing to the US since April 2025 (whatsapp.md#limits).
  const american = recipients.get('US') ?? 0;
  if (american > 0 && isMarketing(category)) warnings.push({ code: 'marketing_to_us', values: { count: american } });
  if (isMarketing(category)) warnings.push(...optOutWarning(template, words));
  return warnings;
}

/** A label that speaks of mailings or of stopping: meant as an opt-out, perhaps. */
const SOUNDS_LIKE_OPT_OUT = /рассыл|реклам|отпис|стоп|хватит|присыл|интерес|stop|subscri|promo|opt|unsub|interested/iu;

/**
 * Of marketing whose reader cannot opt out by a button or word that we understand: they will block the number instead,
 * and what they write will go on getting messages.
 */
function optOutWarning({ name, body, footer = '', buttons }: Template, words: OptOutWords): Refusal[] {
  const labels = buttons.filter(({ type }) => type === 'QUICK_REPLY').map(({ text }) => text);
  if (labels.some((label) => isOptOutLabel(label, words)) || tellsOptOut(`${body}\n${footer}`)) return [];
  const button = labels.find((label) => SOUNDS_LIKE_OPT_OUT.test(label));
  return button === undefined
    ? [{ code: 'template_opt_out_missing', values: { template: name } }]
    : [{ code: 'template_opt_out_unknown', values: { template: name, button } }];
}

/** By whose clocks the people are sent to, so that an assumed zone is seen before it counts. */
export function clockReckoning(clocks: ClockCounter): Refusal {
  const { by, assumed } = clocks.counts();
  const known = { region: by.region ?? 0, country: by.country ?? 0, all: by.all ?? 0 };
  const people = assumed.reduce((sum, one) => sum + one.people, 0);
  const zones = assumed.map((one) => `${one.zone} (${one.people})`).join(', ');
  return people > 0
    ? { code: 'recipient_clocks', values: { ...known, assumed: people, zones } }
    : { code: 'recipient_clocks_known', values: known };
}
