/** /new while a campaign is half put together: go on with it, or start over. */
import { done } from '../../config/errors';
import { labelOfAudience } from '../chosen-audience';
import { emptyDraft, nextStep } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, stale, type StepScreen } from '../conversation/talk';

export const unfinishedScreen: StepScreen<StepAt<'unfinished'>> = {
  show: async (_step, { draft }, view) =>
    done({
      screen: {
        html: view.texts.html('unfinished.question', {
          template: draft.template?.name ?? '',
          audience: draft.audience ? labelOfAudience(draft.audience) : '—',
        }),
        keyboard: [[view.button('continue'), view.button('over')]],
      },
    }),
  press: async ({ kept }, action, _argument, { draft }) => {
    if (action === 'continue') return go(kept, draft);
    return action === 'over' ? go(nextStep(emptyDraft), emptyDraft) : stale;
  },
};
