/** `rules`: whom to write to by country and category, of whom to warn, whom to leave out. */
import { Argument, Option, type Command } from 'commander';
import { refused } from '../../config/errors';
import { countryText } from '../../config/formats';
import {
  ANY,
  countryMeant,
  RULE_ACTIONS,
  shippedInForce,
  type CountryRule,
  type RuleAction,
  type RuleCategory,
} from '../../domain/country-rules';
import type { SetRule } from '../../store/country-rules';
import { actorText } from '../terminal';
import type { CommandContext } from '../answer';
import { refusal } from '../errors';
import { renderTable } from '../table';
import type { Speech } from '../speech';

const HELP = `
The most specific rule counts: a country before a category, your own before those that came with the program.
A change holds from the next message on, in running campaigns too. People left out: skipped(country_rule).
A rule with --consent also leaves out whoever has no recorded consent to such messages: skipped(no_consent).`;

const EXAMPLES = `

Examples:
  bobcofer rules set KZ --category marketing --action warn
  bobcofer rules set all --category marketing --action allow --consent
  bobcofer rules remove KZ --category marketing`;

const CATEGORIES = { marketing: 'MARKETING', utility: 'UTILITY', authentication: 'AUTHENTICATION', any: ANY } as const;
type CategoryName = keyof typeof CATEGORIES;

const by = { kind: 'cli' } as const;

export function addRules(program: Command, context: CommandContext): void {
  const { terminal, services, action } = context;
  const rules = program
    .command('rules')
    .description('Rules by country and category: allow, warn, skip')
    .addHelpText('after', terminal.speech.t(HELP) + EXAMPLES);

  rules
    .command('list')
    .description('list the rules')
    .action(
      action(async () => {
        const all = rowsOf(await (await services.store()).countryRules.all());
        const { speech } = services;
        const text = renderTable(
          [
            { head: 'COUNTRY', cell: ({ country }) => country },
            { head: 'NAME', cell: ({ country }) => countryText(country, speech.language), flexible: true },
            { head: 'CATEGORY', cell: ({ category }) => nameOf(category) },
            { head: 'ACTION', cell: (rule) => rule.action },
            { head: 'CONSENT', cell: ({ consent }) => speech.t(consent ? 'required' : 'not required') },
            { head: 'SINCE', cell: ({ at }) => (at ? services.showTime(at) : speech.t('came with the program')) },
            { head: 'BY', cell: (rule) => (rule.by ? actorText(rule.by) : '') },
          ],
          all,
          { ...terminal, speech, empty: 'There are no rules.' },
        );
        return { json: all.map(documentOf), text };
      }),
    );

  rules
    .command('set')
    .description('set what is done with numbers of a country')
    .addArgument(countryArgument())
    .addOption(categoryOption())
    .addOption(new Option('--action <action>', 'what to do').choices(RULE_ACTIONS).makeOptionMandatory())
    .option('--consent', 'leave out whoever has no recorded consent to such messages')
    .addHelpText('after', '\nExample:\n  bobcofer rules set RU --category marketing --action skip')
    .action(
      action(async (typed: string, given: { category: CategoryName; action: RuleAction; consent?: true }) => {
        const rule: CountryRule = {
          country: countryOf(typed),
          category: CATEGORIES[given.category],
          action: given.action,
          consent: given.consent ?? false,
        };
        const before = await (await services.store()).countryRules.set(rule, by);
        return {
          json: { rule: documentOf(rule), ...(before && { before: documentOf(before) }) },
          text: services.speech.t('{{rule}}. It holds from the next message on.', {
            rule: ruleText(rule, services.speech),
          }),
        };
      }),
    );

  rules
    .command('remove')
    .description('remove a rule of your own')
    .addArgument(countryArgument())
    .addOption(categoryOption())
    .addHelpText('after', '\nExample:\n  bobcofer rules remove RU --category marketing')
    .action(
      action(async (typed: string, given: { category: CategoryName }) => {
        const of = { country: countryOf(typed), category: CATEGORIES[given.category] };
        const removed = await (await services.store()).countryRules.remove(of, by);
        if (!removed)
          throw refusal(refused('rule_missing', { country: of.country, ruleCategory: of.category }).refusal);
        return {
          json: { removed: documentOf(removed) },
          text: services.speech.t('Removed: {{rule}}', { rule: ruleText(removed, services.speech) }),
        };
      }),
    );
}

const countryArgument = (): Argument => new Argument('<country>', 'two-letter code such as KZ, a name, or all');

const categoryOption = (): Option =>
  new Option('--category <category>', 'of which messages').choices(Object.keys(CATEGORIES)).default('any');

function countryOf(typed: string): string {
  const country = countryMeant(typed);
  if (country === undefined) throw refusal(refused('country_unknown', { value: typed }).refusal);
  return country;
}

/** The team's own, then those of the program that hold beside them. */
function rowsOf(own: readonly SetRule[]): (CountryRule & Partial<Pick<SetRule, 'at' | 'by'>>)[] {
  return [...own, ...shippedInForce(own)];
}

const nameOf = (category: RuleCategory): string => (category === ANY ? 'any' : category.toLowerCase());

function documentOf(rule: CountryRule & Partial<Pick<SetRule, 'at' | 'by'>>): object {
  const { country, category, action, consent, at } = rule;
  return {
    country,
    category: nameOf(category),
    action,
    consent,
    origin: 'guard' in rule ? 'program' : 'own',
    ...(at && { at }),
    ...(rule.by && { by: rule.by }),
  };
}

function ruleText({ country, category, action, consent }: CountryRule, { language, t, text }: Speech): string {
  const values = {
    country: countryText(country, language),
    category: text(`words.ruleCategories.${category}`),
    action: text(`words.ruleActions.${action}`),
  };
  return consent
    ? t('{{country}}, {{category}}: {{action}}, only with a consent', values)
    : t('{{country}}, {{category}}: {{action}}', values);
}
