/** The follow-ups of a new campaign: which there are, one more, one to change. */
import { done } from '../../config/errors';
import type { FollowUp } from '../../domain/follow-ups';
import { MOST_FOLLOW_UPS } from '../../domain/story/follow-ups';
import { isCalled, type Template } from '../../domain/templates/template';
import type { OpenFollowUp, StepAt } from '../conversation/steps';
import { go, refuse, stale, type StepScreen, type Talk, type View } from '../conversation/talk';
import type { Screen } from '../screen';
import { shorten } from '../texts';
import { questionOf, stepWords } from './follow-up';
import { ofSender } from './template';

export const followUpsScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, talk, view) => done({ screen: renderFollowUps(talk, view) }),
  press: async (_step, action, argument, talk) => {
    const { followUps = [] } = talk.draft;
    if (action === 'addFollowUp') {
      if (followUps.length >= MOST_FOLLOW_UPS) return stale;
      const value: OpenFollowUp = { parameters: [] };
      return go({ at: 'followUp', index: followUps.length, value, open: { at: 'after' } }, talk.draft);
    }
    const index = Number(argument);
    const chosen = action === 'followUp' ? followUps[index] : undefined;
    if (!chosen) return stale;
    const listed = await talk.services.templates.list(ofSender(talk));
    if (!listed.ok) return refuse(listed);
    const value = asOpen(chosen, listed.value.templates);
    const open = questionOf(value);
    return go({ at: 'followUp', index, value, ...(open && { open }) }, talk.draft);
  },
};

/** Without its template, which is asked for anew, when there is none by its name any more. */
function asOpen({ template: wanted, ...asked }: FollowUp, templates: readonly Template[]): OpenFollowUp {
  const template = templates.find((one) => isCalled(one, wanted));
  return { ...asked, ...(template && { template }) };
}

function renderFollowUps({ draft: { followUps = [] } }: Talk, view: View): Screen {
  const { texts } = view;
  return {
    html: [
      texts.html('followUps.question', { most: MOST_FOLLOW_UPS }),
      followUps.length > 0
        ? followUps
            .map((one, index) => texts.html('followUps.step', { step: index + 1, ...stepWords(one, texts) }))
            .join('\n')
        : texts.html('followUps.none'),
    ].join('\n\n'),
    keyboard: [
      ...followUps.map((one, index) => [
        view.button('followUp', {
          text: texts.plain('followUps.stepButton', {
            ...stepWords(one, texts),
            step: index + 1,
            template: shorten(one.template, 30),
          }),
          argument: index,
        }),
      ]),
      ...(followUps.length < MOST_FOLLOW_UPS
        ? [[view.button('addFollowUp', { text: texts.plain('followUps.add') })]]
        : []),
      view.footer(),
    ],
  };
}
