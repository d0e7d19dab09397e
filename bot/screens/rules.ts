/** /rules: rules by country and category; whoever may change them taps what shall hold. */
import { done, refused } from '../../config/errors';
import { countryText } from '../../config/formats';
import {
  ANY,
  countryMeant,
  RULE_ACTIONS,
  RULE_CATEGORIES,
  ruleFor,
  SHIPPED_RULES,
  shippedInForce,
  type CountryRule,
  type RuleCategory,
} from '../../domain/country-rules';
import type { SetRule } from '../../store/country-rules';
import { change } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { mark, rowsOf, rowsThatFit, type Screen } from '../screen';
import { shorten, type Texts } from '../texts';

type RulesStep = StepAt<'rules'>;

/** A screen shows no more of them as buttons. */
const MOST_BUTTONS = 20;

export const rulesScreen: StepScreen<RulesStep> = {
  show: async ({ country, category = ANY }, { services }, view) => {
    const own = await services.rules.all();
    if (country === undefined) return done({ screen: renderAll(own, view) });
    const rule = own.find((one) => one.country === country && one.category === category);
    const by = rule && (await services.lists.nameOf(rule.by, view.texts.language));
    return done({ screen: renderOne(own, { country, category }, by, view) });
  },
  press: async ({ country, category = ANY }, action, argument, talk) => {
    switch (action) {
      case 'rulesAll':
        return go({ at: 'rules' }, talk.draft);
      case 'rulesDone':
        return leave(talk);
      case 'ruleOpen': {
        const [of = '', which = ''] = argument.split('-');
        return open(of, which, talk);
      }
      default:
        return country === undefined ? stale : changeRule({ country, category }, action, argument, talk);
    }
  },
  text: async (_step, typed, { draft }) => {
    const country = countryMeant(typed);
    if (country === undefined) return refuse(refused('country_unknown', { value: shorten(typed.trim(), 40) }));
    return go({ at: 'rules', country, category: 'MARKETING' }, draft);
  },
};

function open(country: string, which: string, { draft }: Talk): Move {
  const category = RULE_CATEGORIES.find((one) => one === which);
  return category && countryMeant(country) === country ? go({ at: 'rules', country, category }, draft) : stale;
}

type Of = Pick<CountryRule, 'country' | 'category'>;

/** What is set anew: the action, or whether a consent is asked for; the other stays as it holds now. */
async function changeRule(of: Of, action: string, argument: string, talk: Talk): Promise<Move> {
  const { services, actor, texts, draft } = talk;
  const here = { at: 'rules' as const, ...of };
  if (action === 'ruleRemove') {
    await services.rules.remove(of, actor);
    return go({ at: 'rules' }, draft, texts.html('rules.removed'));
  }
  const holds = holdsNow(await services.rules.all(), of);
  const chosen = RULE_ACTIONS.find((one) => one === argument);
  if (action === 'ruleAction' && chosen)
    await services.rules.set({ ...of, action: chosen, consent: holds.consent }, actor);
  else if (action === 'ruleConsent')
    await services.rules.set({ ...of, action: holds.action, consent: argument === 'on' }, actor);
  else return stale;
  return go(here, draft, texts.html('rules.saved'));
}

/** A campaign that is being put together is gone on with; its people are looked at anew. */
async function leave({ draft, texts }: Talk): Promise<Move> {
  return draft.template
    ? go({ at: 'preview' }, change(draft, {}))
    : { kind: 'close', html: texts.html('rules.closed') };
}

/** What holds for just this country and category now. Of all categories, what holds for those without a rule of their own. */
function holdsNow(
  own: readonly CountryRule[],
  { country, category }: Of,
): { action: CountryRule['action']; consent: boolean } {
  const exact = own.find((one) => one.country === country && one.category === category);
  if (exact) return exact;
  if (category !== ANY) return ruleFor(own, country, category);
  return own.find((one) => one.country === ANY && one.category === ANY) ?? { action: 'allow', consent: false };
}

const lineOf = ({ country, category, action, consent }: CountryRule, texts: Texts, isShipped: boolean): string =>
  texts.html('rules.line', {
    country: countryText(country, texts.language),
    category: texts.word(`ruleCategories.${category}`),
    action: texts.word(`ruleActions.${action}`),
  }) +
  (consent ? texts.html('rules.consent') : '') +
  (isShipped ? texts.html('rules.shipped') : '');

function renderAll(own: readonly SetRule[], view: View): Screen {
  const { texts } = view;
  const shipped = shippedInForce(own);
  const all: CountryRule[] = [...own, ...shipped];
  const buttons = all.slice(0, MOST_BUTTONS).map(({ country, category }) =>
    view.button('ruleOpen', {
      text: texts.plain('rules.button', {
        country: countryText(country, texts.language),
        category: texts.word(`ruleCategories.${category}`),
      }),
      argument: `${country}-${category}`,
    }),
  );
  return {
    html: [
      texts.html('rules.title'),
      [...own.map((one) => lineOf(one, texts, false)), ...shipped.map((one) => lineOf(one, texts, true))].join('\n'),
      texts.html('rules.hint'),
    ].join('\n\n'),
    keyboard: [...rowsThatFit(buttons), [view.button('rulesDone', { text: texts.plain('rules.done') })]],
  };
}

function renderOne(own: readonly SetRule[], of: Of, by: string | undefined, view: View): Screen {
  const { texts } = view;
  const { country, category } = of;
  const exact = own.find((one) => one.country === country && one.category === category);
  const { action, consent } = holdsNow(own, of);
  const values = {
    country: countryText(country, texts.language),
    category: texts.word(`ruleCategories.${category}`),
    action: texts.word(`ruleActions.${action}`),
    consent: consent ? texts.plain('rules.consent') : '',
    origin: exact
      ? texts.plain('rules.origins.own', { at: texts.shortTime(exact.at), by: by ?? '' })
      : texts.plain(`rules.origins.${originOf(own, of)}`),
  };
  return {
    html: texts.html('rules.edit', values),
    keyboard: [
      ...rowsOf(
        RULE_CATEGORIES.map((one) =>
          view.button('ruleOpen', {
            text: mark(one === category, texts.word(`ruleCategories.${one}`)),
            argument: `${country}-${one}`,
          }),
        ),
        2,
      ),
      ...rowsThatFit(
        RULE_ACTIONS.map((one) =>
          view.button('ruleAction', {
            text: mark(one === action, texts.word(`ruleActions.${one}`)),
            argument: one,
            ...(one === 'skip' && { style: 'danger' as const }),
          }),
        ),
      ),
      [
        view.button('ruleConsent', {
          text: texts.plain(consent ? 'rules.consentOff' : 'rules.consentOn'),
          argument: consent ? 'off' : 'on',
        }),
      ],
      ...(exact ? [[view.button('ruleRemove', { text: texts.plain('rules.remove') })]] : []),
      [view.button('rulesAll', { text: texts.plain('rules.all') })],
    ],
  };
}

function originOf(own: readonly CountryRule[], { country, category }: Of): 'shipped' | 'general' | 'none' {
  const holds = (rules: readonly CountryRule[]): boolean =>
    rules.some(
      (one) =>
        (one.country === country || one.country === ANY) &&
        (one.category === ANY || one.category === (category as RuleCategory)),
    );
  if (holds(own)) return 'general';
  return holds(SHIPPED_RULES) ? 'shipped' : 'none';
}
