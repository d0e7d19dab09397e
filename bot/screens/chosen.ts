/** Everybody chosen so far: one more place, one to leave out, one to take back, or all anew. */
import { done } from '../../config/errors';
import { withoutPart, type AudiencePart, type ChosenAudience } from '../conversation/chosen-audience';
import { choosing, nextStep, withAudience } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import type { Button, Screen } from '../screen';
import { go, stale, type StepScreen, type View } from '../conversation/talk';
import { shorten } from '../texts';

type List = keyof ChosenAudience;

const SIGNS: Record<List, string> = { include: '➕', exclude: '➖' };

export const peopleScreen: StepScreen<StepAt<'people'>> = {
  show: async (_step, { draft }, view) =>
    done({ screen: renderChosen(draft.audience ?? { include: [], exclude: [] }, view) }),
  press: async (_step, action, argument, { draft }) => {
    switch (action) {
      case 'addPeople':
        return go({ at: 'audience' }, choosing(draft, 'add'));
      case 'excludePeople':
        return go({ at: 'audience' }, choosing(draft, 'exclude'));
      case 'otherPeople':
        return go({ at: 'audience' }, choosing(draft, 'only'));
      case 'peopleDone':
        return go(nextStep(draft), draft);
      case 'include':
      case 'exclude': {
        const left = draft.audience && withoutPart(draft.audience, action, Number(argument));
        return left ? go({ at: 'people' }, withAudience(draft, left)) : stale;
      }
      default:
        return stale;
    }
  },
};

function renderChosen(audience: ChosenAudience, view: View): Screen {
  const { texts, button } = view;
  const lines = (list: List): string[] =>
    audience[list].map(({ label }) => texts.html('audience.part', { sign: SIGNS[list], label }));
  const removal = (list: List, parts: readonly AudiencePart[]): Button[][] =>
    parts.map(({ label }, index) => [
      button(list, { text: `✕ ${SIGNS[list]} ${shorten(label, 40)}`, argument: index }),
    ]);
  return {
    html: [texts.html('audience.chosen'), [...lines('include'), ...lines('exclude')].join('\n')].join('\n\n'),
    keyboard: [
      [button('addPeople'), button('excludePeople')],
      // The last place is not taken back but replaced.
      ...(audience.include.length > 1 ? removal('include', audience.include) : []),
      ...removal('exclude', audience.exclude),
      [button('otherPeople')],
      [button('peopleDone', { style: 'success' })],
      [button('cancel')],
    ],
  };
}
