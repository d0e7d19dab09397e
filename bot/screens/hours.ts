/** When a new campaign may send: at any time, by day, on weekdays, by the recipients' own clocks, or typed hours. */
import { hoursText } from '../../config/spec-text';
import { done, refused } from '../../config/errors';
import type { SendingHours } from '../../domain/times/sending-hours';
import { readHours } from '../../domain/times/sending-hours-text';
import { change } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import type { Screen } from '../screen';
import { onward, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { shorten } from '../texts';

type Hours = Pick<SendingHours, 'from' | 'to'> & Partial<Pick<SendingHours, 'days' | 'zone'>>;

const PRESETS: Record<string, Hours> = {
  hoursDay: { from: '09:00', to: '20:00' },
  hoursWork: { from: '10:00', to: '19:00', days: [1, 2, 3, 4, 5] },
  // Wider than the others: in a country with many zones it must be open in all of them at once.
  hoursRecipient: { from: '09:00', to: '21:00', zone: 'recipient' },
};

export const hoursScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, talk, view) => done({ screen: renderHoursChoice(talk.draft.checked?.hours, view) }),
  press: async (_step, action, _argument, talk) => {
    if (action === 'hoursAny') return chosen('any', talk);
    const preset = PRESETS[action];
    return preset ? chosen(preset, talk) : stale;
  },
  text: async (_step, typed, talk) => {
    const hours = readHours(typed);
    return hours ? chosen(hours, talk) : refuse(refused('hours_invalid', { value: shorten(typed.trim(), 40) }));
  },
};

/** Back to the preview, which is checked anew: some people may have no hour of their own. */
function chosen(hours: Hours | 'any', { draft, texts, services }: Talk): Move {
  const full: SendingHours | 'any' =
    hours === 'any'
      ? hours
      : {
          days: [1, 2, 3, 4, 5, 6, 7],
          holidays: [...services.holidays],
          zone: 'campaign',
          timezone: texts.zone,
          ...hours,
        };
  return onward(change(draft, { hours: full }));
}

function renderHoursChoice(present: SendingHours | undefined, view: View): Screen {
  const { texts } = view;
  return {
    html: texts.html('hours.question', {
      present: present ? hoursText(present, texts.language) : texts.plain('hours.any'),
      zone: texts.zoneName,
    }),
    keyboard: [
      [view.button('hoursAny'), view.button('hoursDay')],
      [view.button('hoursWork')],
      [view.button('hoursRecipient')],
      view.footer(),
    ],
  };
}
