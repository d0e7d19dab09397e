/** Erasing a person, from /find: what goes, what stays, and a yes that cannot be taken back. */
import { done } from '../../config/errors';
import type { StepAt } from '../conversation/steps';
import { warning } from '../screen';
import { go, stale, type Move, type StepScreen, type Talk } from '../conversation/talk';
import { shorten } from '../texts';

const SHOWN_CAMPAIGNS = 3;

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
