/** What is done to a person from /find: tags that go on and come off, and erasing. */
import { done } from '../../config/errors';
import type { StepAt } from '../conversation/steps';
import { keyOf, rowsThatFit, warning, type Button } from '../screen';
import { go, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { shorten } from '../texts';

const SHOWN_CAMPAIGNS = 3;

/** What goes, what stays, and a yes that cannot be taken back. */
export const eraseScreen: StepScreen<StepAt<'erase'>> = {
  show: async ({ phone }, _talk, view) =>
    done({
      screen: {
        html: view.texts.html('erase.question', { phone }),
        keyboard: [
          [view.button('erase!', { text: view.texts.plain('erase.yes'), style: 'danger' })],
          [view.button('back', { text: view.texts.plain('buttons.no') })],
        ],
      },
    }),
  press: async ({ phone }, action, _argument, talk) => (action === 'erase!' ? erase(phone, talk) : stale),
};

async function erase(phone: string, talk: Talk): Promise<Move> {
  const { texts, services, actor, draft } = talk;
  await talk.interim(texts.html('erase.erasing'));
  const outcome = await services.people.erase(phone, actor);
  if ('busy' in outcome) {
    const named = outcome.busy.slice(0, SHOWN_CAMPAIGNS).map(({ name }) => `«${shorten(name, 40)}»`);
    const more = outcome.busy.length > SHOWN_CAMPAIGNS ? ['…'] : [];
    const sentence = texts.plain('erase.busy', { campaigns: [...named, ...more].join(', ') });
    return go({ at: 'find', page: 0, phone }, draft, warning(texts, sentence));
  }
  talk.forgetNumber(phone);
  const { deliveries, replies, rows, suppressions } = outcome.erased;
  const stop = suppressions > 0 ? ` ${texts.html('erase.stopKept')}` : '';
  return { kind: 'close', html: texts.html('erase.done', { deliveries, replies, rows }) + stop };
}

/** Of those that others have. */
const OFFERED = 6;
const TAG_CHARACTERS = 40;

/** Typed or chosen ones go on, pressed ones come off. */
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
