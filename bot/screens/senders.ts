/** Which further senders a new campaign goes from, with the one whose template was chosen. */
import { done } from '../../config/errors';
import { change, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, stale, type StepScreen, type Talk } from '../conversation/talk';
import { mark, rowsOf } from '../screen';
import type { BotSender } from '../services/contract';
import { shorten } from '../texts';

export const sendersScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, { draft, services }, view) => {
    const { first, others } = sendersOf(draft, services);
    const buttons = others.map(({ app }, index) => {
      const isChosen = draft.alsoFrom?.includes(app) ?? false;
      return view.button('sender', { text: mark(isChosen, `📱 ${shorten(app, 30)}`), argument: index });
    });
    const html = view.texts.html('senders.question', { first: first?.app ?? '', cap: services.capOf(draft) });
    return done({ screen: { html, keyboard: [...rowsOf(buttons, 2), view.footer()] } });
  },
  press: async (step, action, argument, { draft, services }) => {
    const pressed = sendersOf(draft, services).others[Number(argument)];
    // What was checked concerned other senders.
    return action === 'sender' && pressed ? go(step, toggled(draft, pressed.app)) : stale;
  },
};

/** The one that the draft names, or the default one; and all others. */
function sendersOf(
  draft: Draft,
  { senders }: Talk['services'],
): { first: BotSender | undefined; others: readonly BotSender[] } {
  const first = senders.find(({ app, isDefault }) => (draft.sender === undefined ? isDefault : draft.sender === app));
  return { first, others: senders.filter((one) => one !== first) };
}

function toggled({ alsoFrom = [], ...draft }: Draft, app: string): Draft {
  const now = alsoFrom.includes(app) ? alsoFrom.filter((one) => one !== app) : [...alsoFrom, app];
  return change(draft, now.length > 0 ? { alsoFrom: now } : {});
}
