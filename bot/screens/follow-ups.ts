/** The follow-ups of a new campaign: which there are, one more, one to change. */
import { done } from '../../config/errors';
import { delayText } from '../../config/spec-text';
import type { FollowUp } from '../../domain/follow-ups';
import { MOST_FOLLOW_UPS } from '../../domain/story/follow-ups';
import type { Template } from '../../domain/templates/template';
import type { OpenFollowUp, StepAt } from '../conversation/steps';
import { go, refuse, stale, type StepScreen, type Talk, type View } from '../conversation/talk';
import type { Screen } from '../screen';
import { shorten, type Texts } from '../texts';
import { questionOf, templateName } from './follow-up';

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
    const listed = await talk.services.templates.list(
      talk.draft.sender === undefined ? {} : { sender: talk.draft.sender },
    );
    if (!listed.ok) return refuse(listed);
    const value = asOpen(chosen, listed.value.templates);
    const open = questionOf(value);
    return go({ at: 'followUp', index, value, ...(open && { open }) }, talk.draft);
  },
};

/** Without its template, which is asked for anew, when there is none by its name any more. */
function asOpen({ template: wanted, ...asked }: FollowUp, templates: readonly Template[]): OpenFollowUp {
  const isMeant = (one: Template): boolean => [one.id, one.name, templateName(one)].includes(wanted);
  const template = templates.find(isMeant);
  return { ...asked, ...(template && { template }) };
}

function renderFollowUps({ draft: { followUps = [] } }: Talk, view: View): Screen {
  const { texts } = view;
  return {
    html: [
      texts.html('followUps.question', { most: MOST_FOLLOW_UPS }),
      followUps.length > 0
        ? followUps.map((one, index) => texts.html('followUps.step', wordsOf(one, index, texts))).join('\n')
        : texts.html('followUps.none'),
    ].join('\n\n'),
    keyboard: [
      ...followUps.map((one, index) => [
        view.button('followUp', {
          text: texts.plain('followUps.stepButton', {
            ...wordsOf(one, index, texts),
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

function wordsOf({ afterMs, to, template }: FollowUp, index: number, texts: Texts): Record<string, string | number> {
  return {
    ...{ step: index + 1, template },
    after: delayText(afterMs, texts.language),
    to: texts.word(`followUpTo.${to}`),
  };
}
