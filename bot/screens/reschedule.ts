/** A campaign that waits for its time gets another one; what was typed is shown before it counts. */
import { done, refused } from '../../config/errors';
import { DateTime } from 'luxon';
import type { StepAt } from '../conversation/steps';
import { possibleMoments } from '../../domain/times/moment';
import { clockWithOffset, momentsLike, readMoment } from '../typed';
import type { Screen } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { preset } from './when';

type RescheduleStep = StepAt<'reschedule'>;

export const rescheduleScreen: StepScreen<RescheduleStep> = {
  show: async ({ name, to }, talk, view) =>
    done({
      screen: to
        ? renderSure(name, DateTime.fromISO(to, { zone: talk.now().zone }), view)
        : {
            html: view.texts.html('reschedule.question', { name, zone: view.texts.zoneName }),
            keyboard: [[view.button('hour'), view.button('tomorrow')], [view.button('cancel')]],
          },
    }),
  press: async (step, action, argument, talk) => {
    const one = step.to && action === 'to' ? momentsLike(step.to, talk.now())[Number(argument)] : undefined;
    if (one && one <= talk.now()) return refuse(refused('time_past', { value: talk.texts.time(one.toJSDate()) }));
    const at = one ?? (step.to ? undefined : preset(action, talk.now()));
    return at ? move(step, at, talk) : stale;
  },
  text: async ({ at, campaignId, name }, typed, talk) => {
    const to = readMoment(typed, talk.now());
    return to.ok ? go({ at, campaignId, name, to: to.value.toUTC().toISO()! }, talk.draft) : refuse(to);
  },
};

/** What was understood, with the weekday; of an hour that comes twice, which of the two. */
function renderSure(name: string, to: DateTime, view: View): Screen {
  const { texts } = view;
  const local = to.setLocale(texts.language);
  const moments = possibleMoments(to);
  const buttons = moments.map((one, index) => {
    const text = texts.plain('reschedule.yes', {
      clock: moments.length > 1 ? clockWithOffset(one) : one.toFormat('HH:mm'),
    });
    return [view.button('to', { text, argument: index, style: 'success' })];
  });
  return {
    html: [
      texts.html('reschedule.sure', { name, when: local.toFormat('cccc, d MMMM yyyy, HH:mm'), zone: texts.zoneName }),
      ...(moments.length > 1 ? [texts.html('reschedule.twice')] : []),
    ].join('\n\n'),
    keyboard: [...buttons, [view.button('cancel')]],
  };
}

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
