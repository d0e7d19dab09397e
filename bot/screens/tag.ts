/** The tags of a person, from /find: typed or chosen ones go on, pressed ones come off. */
import { done } from '../../config/errors';
import type { StepAt } from '../conversation/steps';
import { keyOf, rowsThatFit, type Button } from '../screen';
import { go, stale, type StepScreen, type View } from '../conversation/talk';
import { shorten } from '../texts';

/** Of those that others have. */
const OFFERED = 6;
const TAG_CHARACTERS = 40;

export const tagScreen: StepScreen<StepAt<'tag'>> = {
  show: async ({ phone }, { services: { people } }, view) => {
    const { own, others } = await people.tags(phone);
    return done({
      screen: {
        html: view.texts.html('tag.question', { phone }),
        keyboard: [
          ...rowsThatFit(own.map((tag) => tagButton('untag', '✖️', tag, view))),
          ...rowsThatFit(others.slice(0, OFFERED).map((tag) => tagButton('tag', '➕', tag, view))),
          [view.button('back', { text: view.texts.plain('tag.done') })],
        ],
      },
    });
  },
  press: async ({ phone }, action, argument, { services: { people }, draft }) => {
    const { own, others } = await people.tags(phone);
    const tag = (action === 'untag' ? own : others).find((one) => keyOf(one) === argument);
    if (!tag || (action !== 'tag' && action !== 'untag')) return stale;
    await people.tag(phone, action === 'tag' ? { add: [tag] } : { remove: [tag] });
    return go({ at: 'tag', phone }, draft);
  },
  text: async ({ phone }, typed, { services: { people }, draft }) => {
    const tag = shorten(typed.trim().replace(/\s+/g, ' '), TAG_CHARACTERS);
    if (tag === '') return stale;
    await people.tag(phone, { add: [tag] });
    return go({ at: 'tag', phone }, draft);
  },
};

function tagButton(action: string, sign: string, tag: string, view: View): Button {
  return view.button(action, { text: `${sign} ${shorten(tag, 30)}`, argument: keyOf(tag) });
}
