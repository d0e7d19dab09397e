/** A campaign that shall come again and again: in which rhythm, then at what time. */
import { Info } from 'luxon';
import { done, refused } from '../../config/errors';
import { cronOf, type Rhythm } from '../../domain/times/cron';
import type { StepAt } from '../conversation/steps';
import { rowsOf, type Screen } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { shorten } from '../texts';
import { nextText, rhythmText, warningLines } from './schedules';

/** Hours when people are awake and no clocks change. */
const CLOCKS = ['09:00', '10:00', '11:00', '12:00', '14:00', '16:00', '18:00', '19:00'];
const WEEK = [1, 2, 3, 4, 5, 6, 7];
/** Days that every month has. */
const MONTH_DAYS = [1, 15, 28];
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

export const repeatScreen: StepScreen<StepAt<'repeat'>> = {
  show: async ({ name }, _talk, view) => done({ screen: renderRhythms(name, view) }),
  press: async ({ campaignId, name }, action, argument, { draft }) => {
    const rhythm = chosenRhythm(action, Number(argument));
    return rhythm ? go({ at: 'repeatTime', campaignId, name, rhythm }, draft) : stale;
  },
};

function chosenRhythm(action: string, day: number): Rhythm | undefined {
  if (action === 'everyDay') return { every: 'day' };
  if (action === 'everyWorkday') return { every: 'workday' };
  if (action === 'week' && WEEK.includes(day)) return { every: 'week', day };
  return action === 'month' && MONTH_DAYS.includes(day) ? { every: 'month', day } : undefined;
}

function renderRhythms(name: string, view: View): Screen {
  const { texts } = view;
  const names = Info.weekdays('short', { locale: texts.language });
  const week = WEEK.map((day) => view.button('week', { text: names[day - 1]!, argument: day }));
  return {
    html: texts.html('repeat.question', { name }),
    keyboard: [
      [view.button('everyDay'), view.button('everyWorkday')],
      ...rowsOf(week, 7),
      MONTH_DAYS.map((day) => view.button('month', { text: texts.plain('repeat.monthDay', { day }), argument: day })),
      [view.button('cancel')],
    ],
  };
}

export const repeatTimeScreen: StepScreen<StepAt<'repeatTime'>> = {
  show: async ({ name, rhythm }, _talk, view) => {
    const { texts } = view;
    const clocks = CLOCKS.map((text, index) => view.button('clock', { text, argument: index }));
    return done({
      screen: {
        html: texts.html('repeat.time', { name, rhythm: rhythmText(rhythm, '', texts), zone: texts.zoneName }),
        keyboard: [...rowsOf(clocks, 4), view.footer()],
      },
    });
  },
  press: async (step, action, argument, talk) => {
    const clock = action === 'clock' ? CLOCKS[Number(argument)] : undefined;
    return clock ? make(step, clock, talk) : stale;
  },
  text: async (step, typed, talk) =>
    CLOCK.test(typed.trim())
      ? make(step, typed.trim(), talk)
      : refuse(refused('clock_invalid', { value: shorten(typed.trim(), 40) })),
};

async function make({ campaignId, rhythm }: StepAt<'repeatTime'>, clock: string, talk: Talk): Promise<Move> {
  const { texts, services, actor } = talk;
  await talk.interim(texts.html('repeat.making'));
  const made = await services.series.create({
    campaignId,
    cron: cronOf(rhythm, clock),
    timezone: texts.zone,
    by: actor,
  });
  if (!made.ok) return refuse(made);
  const { name, next, warnings } = made.value;
  const lines = [
    texts.html('repeat.made', { name, rhythm: rhythmText(rhythm, clock, texts), next: nextText(next, texts) }),
    ...warningLines(warnings, texts),
  ];
  return { kind: 'close', html: lines.join('\n\n') };
}
