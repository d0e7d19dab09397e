/** On which days after its end the leads of a new campaign are read again, for what came of them. */
import { done, refusalOf } from '../../config/errors';
import { optionText } from '../../config/spec-text';
import { readOption } from '../../domain/campaign-spec';
import { DEFAULT_RESULT_DAYS } from '../../domain/results';
import { change, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { onward, refuse, stale, type Move, type StepScreen, type View } from '../conversation/talk';
import { mark, type Screen } from '../screen';

export const resultsScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, { draft }, view) => done({ screen: renderResults(draft, view) }),
  press: async (_step, action, _argument, { draft }) => {
    // Said expressly: the settings may order them for every campaign.
    if (action === 'noResults') return onward(change(draft, { results: { days: [] } }));
    return action === 'usualResults' ? chosen([...DEFAULT_RESULT_DAYS], draft) : stale;
  },
  text: async (_step, typed, { draft }) =>
    chosen(
      typed.split(/[\s,;]+/).flatMap((part) => (part === '' ? [] : [Number(part)])),
      draft,
      typed.trim(),
    ),
};

function chosen(days: number[], draft: Draft, typed = days.join(', ')): Move {
  const read = readOption('results', { days });
  if ('problem' in read)
    return refuse({
      refusal: refusalOf({ ...read.problem, values: { ...read.problem.values, value: typed.slice(0, 40) } }),
    });
  return onward(change(draft, { results: read.value }));
}

function renderResults({ results }: Draft, view: View): Screen {
  const { texts } = view;
  const present = results && optionText('results', results, { language: texts.language, timezone: texts.zone });
  const usual = DEFAULT_RESULT_DAYS.join(', ');
  return {
    html: texts.html('results.question', { present: present ?? texts.plain('results.none') }),
    keyboard: [
      [
        view.button('noResults', {
          text: mark(results?.days.length === 0, texts.plain('results.noneButton')),
        }),
      ],
      [
        view.button('usualResults', {
          text: mark(results?.days.join(', ') === usual, texts.plain('results.usualButton', { days: usual })),
        }),
      ],
      view.footer(),
    ],
  };
}
