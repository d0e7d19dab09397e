/** Which countries' numbers a campaign leaves out, besides what the rules say. */
import { done, refused } from '../../config/errors';
import { countryText } from '../../config/formats';
import { optionText } from '../../config/spec-text';
import { isCountry, countryMeant } from '../../domain/country-rules';
import { change, withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, onward, refuse, stale, type Move, type StepScreen, type View } from '../conversation/talk';
import { mark, rowsThatFit, type Screen } from '../screen';
import { shorten } from '../texts';

const OFFERED = 8;

export const withoutCountriesScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, { draft }, view) => done({ screen: renderWithout(draft, view) }),
  press: async (step, action, argument, { draft }) => {
    if (action === 'noCountry') return onward(change(withOption(draft, 'withoutCountries', undefined), {}));
    if (action !== 'country' || !isCountry(argument)) return stale;
    const { withoutCountries: chosen = [], checked } = draft;
    const next = chosen.includes(argument) ? chosen.filter((one) => one !== argument) : [...chosen, argument];
    // The countries that were found stay to be chosen from; who gets it is looked at anew on the way back.
    return go(step, { ...leavingOut(draft, next), ...(checked && { checked }) });
  },
  text: async (_step, typed, { draft }) => {
    const words = typed.split(/[,;\n]+/).map((word) => word.trim()).filter(Boolean); // prettier-ignore
    const countries: string[] = [];
    for (const word of words) {
      const country = countryMeant(word);
      if (country === undefined || !isCountry(country))
        return refuse(refused('country_unknown', { value: shorten(word, 40) }));
      countries.push(country);
    }
    return onward(change(leavingOut(draft, [...new Set(countries)]), {}));
  },
};

/** The draft without these countries too; everyone is looked at anew. */
export function alsoWithout(draft: Draft, countries: readonly string[]): Move {
  const all = [...new Set([...(draft.withoutCountries ?? []), ...countries])];
  return go({ at: 'preview' }, change(leavingOut(draft, all), {}));
}

function leavingOut(draft: Draft, countries: readonly string[]): Draft {
  return withOption(draft, 'withoutCountries', countries.length > 0 ? [...countries] : undefined);
}

function renderWithout({ withoutCountries: chosen = [], checked }: Draft, view: View): Screen {
  const { texts } = view;
  const wording = { language: texts.language, timezone: texts.zone };
  const present = chosen.length > 0 && optionText('withoutCountries', chosen, wording);
  const found = (checked?.countries ?? []).filter(({ country }) => country !== '').slice(0, OFFERED);
  const buttons = found.map(({ country, people, skipped }) =>
    view.button('country', {
      text: mark(
        chosen.includes(country),
        texts.plain('withoutCountries.button', {
          country: countryText(country, texts.language),
          count: people + skipped,
        }),
      ),
      argument: country,
    }),
  );
  return {
    html: texts.html(buttons.length > 0 ? 'withoutCountries.question' : 'withoutCountries.questionTyped', {
      present: present || texts.word('options.withoutCountries.none'),
    }),
    keyboard: [
      ...rowsThatFit(buttons),
      [view.button('noCountry', { text: texts.plain('withoutCountries.noneButton') })],
      view.footer(),
    ],
  };
}
