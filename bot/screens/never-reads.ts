/** Whether those who have read none of the last campaigns are left out, and how many campaigns that means. */
import { done, refusalOf } from '../../config/errors';
import { optionText } from '../../config/spec-text';
import { readOption } from '../../domain/campaign-spec';
import { change, withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { onward, refuse, stale, type Move, type StepScreen, type View } from '../conversation/talk';
import { mark, rowsOf, type Screen } from '../screen';

const OFFERED = [3, 5, 10];

export const neverReadsScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, { draft }, view) => done({ screen: renderNeverReads(draft, view) }),
  press: async (_step, action, argument, { draft }) => {
    if (action === 'everybody') return onward(change(withOption(draft, 'neverReads', undefined), {}));
    return action === 'unread' ? chosen(Number(argument), draft) : stale;
  },
  text: async (_step, typed, { draft }) => chosen(Number(typed.trim() || NaN), draft, typed.trim()),
};

/** Everyone is looked at anew: other people get it. */
function chosen(campaigns: number, draft: Draft, typed = String(campaigns)): Move {
  const read = readOption('neverReads', { campaigns });
  if ('problem' in read)
    return refuse({ refusal: refusalOf({ code: 'never_reads_invalid', values: { value: typed.slice(0, 40) } }) });
  return onward(change(draft, { neverReads: read.value }));
}

function renderNeverReads({ neverReads }: Draft, view: View): Screen {
  const { texts } = view;
  const wording = { language: texts.language, timezone: texts.zone };
  const present = neverReads && optionText('neverReads', neverReads, wording);
  const buttons = OFFERED.map((campaigns) =>
    view.button('unread', {
      text: mark(campaigns === neverReads?.campaigns, texts.plain('neverReads.button', { count: campaigns })),
      argument: campaigns,
    }),
  );
  return {
    html: texts.html('neverReads.question', { present: present ?? texts.word('options.neverReads.none') }),
    keyboard: [
      [view.button('everybody', { text: mark(neverReads === undefined, texts.plain('neverReads.noneButton')) })],
      ...rowsOf(buttons, OFFERED.length),
      view.footer(),
    ],
  };
}
