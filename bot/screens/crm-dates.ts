/** Leads of some days only: created or changed then. */
import { DateTime } from 'luxon';
import { done, refused } from '../../config/errors';
import type { StepAt } from '../conversation/steps';
import { daysFilter, narrowed, readDays, type Days } from '../conversation/lead-conditions';
import { rowsOf } from '../screen';
import { go, refuse, stale, type Move, type StepScreen, type Talk } from '../conversation/talk';
import { shorten, type Texts } from '../texts';

type DatesStep = StepAt<'crmDates'>;

const PRESETS: Record<string, (now: DateTime) => Days> = {
  today: (now) => since(now),
  week: (now) => since(now.minus({ days: 6 })),
  month: (now) => since(now.minus({ days: 29 })),
  thisMonth: (now) => since(now.startOf('month')),
};

function since(day: DateTime): Days {
  return { from: day.toISODate()! };
}

export const crmDatesScreen: StepScreen<DatesStep> = {
  show: async ({ moment }, talk, view) => {
    const { texts } = view;
    const presets = Object.entries(PRESETS).map(([name, days]) =>
      view.button('days', {
        text: `${texts.plain(`leads.days.${name}`)} · ${shown(days(talk.now()), texts)}`,
        argument: name,
      }),
    );
    return done({
      screen: {
        html: texts.html(`leads.${moment}Question`),
        keyboard: [
          [
            view.button('moment', {
              text: texts.plain(`leads.${moment === 'created' ? 'updated' : 'created'}Instead`),
            }),
          ],
          ...rowsOf(presets, 1),
          view.footer(),
        ],
      },
    });
  },
  press: async (step, action, argument, talk) => {
    if (action === 'moment') {
      return go({ ...step, moment: step.moment === 'created' ? 'updated' : 'created' }, talk.draft);
    }
    const preset = action === 'days' ? PRESETS[argument] : undefined;
    return preset ? chosen(step, preset(talk.now()), talk) : stale;
  },
  text: async (step, typed, talk) => {
    const days = readDays(typed, talk.now());
    return days ? chosen(step, days, talk) : refuse(refused('dates_invalid', { value: shorten(typed.trim(), 40) }));
  },
};

/** Back to the pipelines, of which only those leads are meant. */
function chosen({ moment, only }: DatesStep, days: Days, { draft, texts }: Talk): Move {
  const label = texts.plain(`leads.${moment}`, { days: shown(days, texts) });
  return go({ at: 'pipeline', page: 0, only: narrowed(only, moment, daysFilter(moment, days), label) }, draft);
}

/** `01.11.2026–15.11.2026`, `since 01.11.2026`. */
function shown({ from, to }: Days, texts: Texts): string {
  const [first, last] = [from, to].map((day) => day && DateTime.fromISO(day).toFormat('dd.MM.yyyy'));
  return last ? `${first}–${last}` : texts.plain('leads.since', { day: first! });
}
