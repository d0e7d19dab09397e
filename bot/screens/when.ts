/** When to send: at once, a preset, a day of the calendar and an hour, or a typed moment. */
import { DateTime } from 'luxon';
import { done } from '../../config/errors';
import { buttonData } from '../../clients/telegram-buttons';
import type { StepAt } from '../conversation/steps';
import { momentsAt } from '../../domain/times/moment';
import { readMoment } from '../typed';
import { rowsOf, type Button, type Screen } from '../screen';
import { go, onward, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import type { Texts } from '../texts';

const MONTHS_AHEAD = 12;
const MORNING_HOUR = 10;

/** To the confirmation, or on with what is not answered yet; `at` no later than now means at once. */
function chosen(at: DateTime, { draft: { startAt: _former, ...draft }, now }: Talk): Move {
  const startAt = at > now() ? at.toUTC().toISO() : null;
  const timed = startAt ? { ...draft, startAt } : draft;
  return draft.checked ? go({ at: 'confirm', ...(startAt ? { startAt } : {}) }, timed) : onward(timed);
}

const takesMoment = async (typed: string, talk: Talk): Promise<Move> => {
  const moment = readMoment(typed, talk.now());
  return moment.ok ? chosen(moment.value, talk) : refuse(moment);
};

/** Presets that both "start" and "move" offer. */
export function preset(action: string, now: DateTime): DateTime | undefined {
  if (action === 'hour') return now.plus({ hours: 1 });
  if (action === 'tomorrow') return now.plus({ days: 1 }).startOf('day').set({ hour: MORNING_HOUR });
  return undefined;
}

export const whenScreen: StepScreen<StepAt<'when'>> = {
  show: async (_step, talk, view) => done({ screen: renderWhen(talk.now(), view) }),
  press: async (_step, action, _argument, talk) => {
    if (action === 'now') return chosen(talk.now(), talk);
    if (action === 'calendar') return go({ at: 'calendar', month: talk.now().toFormat('yyyy-MM') }, talk.draft);
    const at = preset(action, talk.now());
    return at ? chosen(at, talk) : stale;
  },
  text: (_step, typed, talk) => takesMoment(typed, talk),
};

function renderWhen(now: DateTime, view: View): Screen {
  return {
    html: view.texts.html('when.question', { now: view.texts.time(now.toJSDate()) }),
    keyboard: [
      [view.button('now')],
      [view.button('hour'), view.button('tomorrow')],
      [view.button('calendar')],
      view.footer(),
    ],
  };
}

export const calendarScreen: StepScreen<StepAt<'calendar'>> = {
  show: async ({ month }, talk, view) => done({ screen: renderCalendar(month, talk.now(), view) }),
  press: async (_step, action, argument, { draft }) => {
    if (action === 'month') return go({ at: 'calendar', month: argument }, draft);
    return action === 'day' ? go({ at: 'hour', date: argument }, draft) : stale;
  },
  text: (_step, typed, talk) => takesMoment(typed, talk),
};

/**
 * A month as a grid from Monday to Sunday, its last week whole: on the 30th the days that people mean are the next month's.
 * Days that have passed do nothing, and weeks that have passed are left out.
 */
export function renderCalendar(month: string, now: DateTime, view: View): Screen {
  const { texts } = view;
  const noop = buttonData('noop');
  const blank: Button = { text: ' ', data: noop };
  const first = DateTime.fromISO(`${month}-01`, { zone: now.zone });
  const today = now.startOf('day');
  const last = first.endOf('month').endOf('week');
  const length = Math.round(last.diff(first, 'days').days);
  const days = Array.from({ length }, (_, index): Button => {
    const day = first.plus({ days: index });
    return day < today
      ? { text: '·', data: noop }
      : view.button('day', { text: String(day.day), argument: day.toFormat('yyyy-MM-dd') });
  });
  const cells = [...Array<Button>(first.weekday - 1).fill(blank), ...days];
  // No button where there is nothing to turn to.
  const turn = (text: string, to: DateTime, allowed: boolean): Button[] =>
    allowed ? [view.button('month', { text, argument: to.toFormat('yyyy-MM') })] : [];
  return {
    html: texts.html('when.calendar', { zone: texts.zoneName }),
    keyboard: [
      [
        ...turn('‹', first.minus({ months: 1 }), first > today),
        { text: first.setLocale(texts.language).toFormat('LLLL yyyy'), data: noop },
        ...turn('›', first.plus({ months: 1 }), first < today.plus({ months: MONTHS_AHEAD })),
      ],
      weekdays(texts).map((text) => ({ text, data: noop })),
      ...rowsOf(cells, 7).filter((week) => week.some(({ text }) => /\d/.test(text))),
      view.footer(),
    ],
  };
}

function weekdays({ language }: Texts): string[] {
  const monday = DateTime.fromISO('2024-01-01').setLocale(language);
  return Array.from({ length: 7 }, (_, index) => monday.plus({ days: index }).toFormat('ccc'));
}

export const hourScreen: StepScreen<StepAt<'hour'>> = {
  show: async ({ date }, talk, view) => done({ screen: renderHours(date, talk.now(), view) }),
  press: async ({ date }, action, argument, talk) => {
    if (action !== 'at') return stale;
    const at = readMoment(`${date} ${argument}:00`, talk.now());
    return at.ok ? chosen(at.value, talk) : refuse(at);
  },
  text: ({ date }, typed, talk) =>
    takesMoment(/^\d{1,2}:\d{2}$/.test(typed.trim()) ? `${date} ${typed.trim()}` : typed, talk),
};

export function renderHours(date: string, now: DateTime, view: View): Screen {
  const day = DateTime.fromISO(date, { zone: now.zone });
  const hours = Array.from({ length: 24 }, (_, hour): Button => {
    const text = `${String(hour).padStart(2, '0')}:00`;
    const moments = momentsAt({ year: day.year, month: day.month, day: day.day, hour, minute: 0 }, now);
    return moments !== 'skipped' && moments.some((at) => at > now)
      ? view.button('at', { text, argument: text.slice(0, 2) })
      : { text: '·', data: buttonData('noop') };
  });
  return {
    html: view.texts.html('when.hour', {
      day: day.setLocale(view.texts.language).toFormat('d MMMM yyyy, cccc'),
      zone: view.texts.zoneName,
    }),
    keyboard: [...rowsOf(hours, 4).filter((row) => row.some(({ text }) => text !== '·')), view.footer()],
  };
}
