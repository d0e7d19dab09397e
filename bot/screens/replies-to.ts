/** Who on the team hears of replies whose lead has nobody responsible on the team; ticked one by one. */
import { done } from '../../config/errors';
import { may } from '../../domain/roles';
import { withOption } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, onward, stale, type StepScreen } from '../conversation/talk';
import { escapeHtml } from '../texts';
import { say } from './say-replies';
import { nameOf } from './team';

const SHOWN = 20;

export const repliesToScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, { draft, services }, view) => {
    const { texts } = view;
    const team = (await services.users.members()).filter(({ member }) => may(member.role, 'replies.handle'));
    const chosen = team.filter(({ _id }) => draft.repliesTo?.includes(_id));
    const names = chosen.map((one) => escapeHtml(nameOf(one))).join(', ');
    return done({
      screen: {
        html: `${say(texts, 'to.question')} ${chosen.length > 0 ? names : say(texts, 'to.none')}.`,
        keyboard: [
          ...team.slice(0, SHOWN).map((one) => [
            view.button('toggle', {
              text: `${chosen.includes(one) ? '✅' : '▫️'} ${nameOf(one)}`,
              argument: one._id,
            }),
          ]),
          ...(chosen.length > 0 ? [[view.button('nobody', { text: say(texts, 'to.clear') })]] : []),
          view.footer(),
        ],
      },
    });
  },
  press: async (step, action, argument, { draft }) => {
    const id = Number(argument);
    if (action === 'nobody') return onward(withOption(draft, 'repliesTo', undefined));
    if (action !== 'toggle' || !Number.isSafeInteger(id)) return stale;
    const present = draft.repliesTo ?? [];
    const next = present.includes(id) ? present.filter((one) => one !== id) : [...present, id];
    return go(step, withOption(draft, 'repliesTo', next.length > 0 ? next : undefined));
  },
};
