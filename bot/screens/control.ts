/** The control group of a new campaign: which part of its people gets nothing, to be compared with. */
import { nanoid } from 'nanoid';
import { done, refusalOf } from '../../config/errors';
import { optionText } from '../../config/spec-text';
import { readOption } from '../../domain/campaign-spec';
import { change, withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { mark, rowsOf, type Screen } from '../screen';
import { onward, refuse, stale, type Move, type StepScreen, type View } from '../conversation/talk';

const OFFERED = [5, 10, 20];
const KEY_LENGTH = 10;

export const controlScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, { draft }, view) => done({ screen: renderControl(draft, view) }),
  press: async (_step, action, argument, { draft }) => {
    if (action === 'nobody') return onward(change(withoutControl(draft), {}));
    return action === 'percent' ? chosen(Number(argument), draft) : stale;
  },
  text: async (_step, typed, { draft }) => chosen(Number(typed.replace('%', '').trim() || NaN), draft, typed.trim()),
};

/** Everyone is looked at anew: other people get it. The key stays, so that a copy leaves the same people out. */
function chosen(percent: number, draft: Draft, typed = String(percent)): Move {
  const read = readOption('controlPercent', percent);
  if ('problem' in read)
    return refuse({ refusal: refusalOf({ ...read.problem, values: { value: typed.slice(0, 40) } }) });
  return onward(change(draft, { controlPercent: read.value, splitKey: draft.splitKey ?? nanoid(KEY_LENGTH) }));
}

/** The key stays where variants are divided by it. */
function withoutControl(draft: Draft): Draft {
  const rest = withOption(draft, 'controlPercent', undefined);
  return rest.variants ? rest : withOption(rest, 'splitKey', undefined);
}

function renderControl({ controlPercent }: Draft, view: View): Screen {
  const { texts } = view;
  const wording = { language: texts.language, timezone: texts.zone };
  const present = controlPercent && optionText('controlPercent', controlPercent, wording);
  const buttons = OFFERED.map((percent) =>
    view.button('percent', {
      text: mark(percent === controlPercent, texts.plain('control.button', { percent })),
      argument: percent,
    }),
  );
  return {
    html: texts.html('control.question', { present: present ?? texts.word('options.controlPercent.none') }),
    keyboard: [
      [view.button('nobody', { text: mark(controlPercent === undefined, texts.plain('control.noneButton')) })],
      ...rowsOf(buttons, OFFERED.length),
      view.footer(),
    ],
  };
}
