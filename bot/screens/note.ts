/** A note for colleagues: what this campaign is about, in the admin's own words. */
import { done, refusalOf } from '../../config/errors';
import { MAX_NOTE_CHARACTERS, readOption } from '../../domain/campaign-spec';
import { withOption } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { onward, refuse, stale, type StepScreen } from '../conversation/talk';

export const noteScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, { draft }, view) => {
    const present = draft.note ?? view.texts.plain('note.none');
    return done({
      screen: {
        html: view.texts.html('note.question', { present, limit: MAX_NOTE_CHARACTERS }),
        keyboard: [...(draft.note ? [[view.button('noNote')]] : []), view.footer()],
      },
    });
  },
  press: async (_step, action, _argument, { draft }) =>
    action === 'noNote' ? onward(withOption(draft, 'note', undefined)) : stale,
  text: async (_step, typed, { draft }) => {
    const note = readOption('note', typed);
    return 'problem' in note
      ? refuse({ refusal: refusalOf(note.problem) })
      : onward(withOption(draft, 'note', note.value));
  },
};
