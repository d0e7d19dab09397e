/** A campaign that waits for its time gets another one. */
import { done } from '../../config/errors';
import type { DateTime } from 'luxon';
import type { StepAt } from '../steps';
import { readMoment } from '../moment';
import { refuse, stale, type Move, type StepScreen, type Talk } from '../talk';
import { preset } from './when';

type RescheduleStep = StepAt<'reschedule'>;

export const rescheduleScreen: StepScreen<RescheduleStep> = {
  show: async ({ name }, _talk, view) =>
    done({
      screen: {
        html: view.texts.html('reschedule.question', { name, zone: view.texts.zone }),
        keyboard: [[view.button('hour'), view.button('tomorrow')], [view.button('cancel')]],
      },
    }),
  press: async (step, action, _argument, talk) => {
    const at = preset(action, talk.now());
    return at ? move(step, at, talk) : stale;
  },
  text: async (step, typed, talk) => {
    const at = readMoment(typed, talk.now());
    return at.ok ? move(step, at.value, talk) : refuse(at);
  },
};

async function move({ campaignId, name }: RescheduleStep, to: DateTime, talk: Talk): Promise<Move> {
  const at = to.toJSDate();
  const moved = await talk.services.campaigns.command(campaignId, {
    command: 'reschedule',
    at,
    by: talk.actor,
    updateId: `telegram-${talk.updateId}`,
  });
  if (!moved.ok) return refuse(moved);
  return {
    kind: 'close',
    html: talk.texts.html('reschedule.done', { name, when: talk.texts.time(at) }),
    after: () => talk.follow(moved.value),
  };
}
