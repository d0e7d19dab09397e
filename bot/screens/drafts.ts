/** The campaigns that were put aside: go on with one, delete one, or begin a new one. */
import { done } from '../../config/errors';
import { emptyDraft, nextStep } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, stale, type StepScreen } from '../conversation/talk';
import { shorten } from '../texts';
import { nameOf } from './parts';

export const draftsScreen: StepScreen<StepAt<'drafts'>> = {
  show: async (_step, { drafts }, view) => {
    const { texts } = view;
    const kept = drafts.all();
    return done({
      screen: {
        html: texts.html(kept.length > 0 ? 'drafts.question' : 'drafts.none'),
        keyboard: [
          ...kept.map(({ id, at, draft }) => [
            view.button('continueDraft', {
              text: `▶️ ${shorten(nameOf(draft, texts), 40)} · ${texts.shortTime(new Date(at))}`,
              argument: id,
            }),
            view.button('deleteDraft', { text: '🗑', argument: id }),
          ]),
          [view.button('newDraft', { text: texts.plain('buttons.new') })],
          [view.button('cancel')],
        ],
      },
    });
  },
  press: async (_step, action, argument, { drafts, draft: open }) => {
    if (action === 'newDraft') return go(nextStep(emptyDraft), emptyDraft);
    if (action === 'deleteDraft') {
      drafts.drop(argument);
      return go({ at: 'drafts' }, open);
    }
    const found = action === 'continueDraft' && drafts.all().find(({ id }) => id === argument);
    if (!found) return stale;
    drafts.drop(argument);
    // What was checked then may be otherwise now.
    const { checked: _checked, ...draft } = found.draft;
    return go({ at: 'parts' }, { ...draft, fromCard: true });
  },
};
