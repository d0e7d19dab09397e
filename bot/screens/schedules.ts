/** Recurring campaigns: the list, and one of them with its buttons. Pure: series in, screens out. */
import { Info } from 'luxon';
import type { Series } from '../../campaigns/contract';
import type { Refusal } from '../../config/errors';
import { zoneText } from '../../config/formats';
import { rhythmOf, type Rhythm } from '../../domain/times/cron';
import { buttonData } from '../../clients/telegram-buttons';
import { listRows, warning, type Button, type Screen } from '../screen';
import { shorten, type Texts } from '../texts';

const PAGE_SIZE = 7;
/** So many firings to come are named. */
const SHOWN_NEXT = 3;

export function renderSchedules(list: readonly Series[], wanted: number, texts: Texts): Screen {
  return {
    html: texts.html(list.length > 0 ? 'schedules.title' : 'schedules.none', { count: list.length }),
    keyboard: listRows(
      list,
      [wanted, PAGE_SIZE],
      (series) => scheduleButton(series.id, 'open', labelOf(series, texts)),
      (page) => buttonData('schedules', page, 'page'),
    ),
  };
}

function labelOf({ name, cron, paused }: Series, texts: Texts): string {
  return `${paused ? '⏸' : '🔁'} ${shorten(name, 30)} · ${cronText(cron, texts)}`;
}

export function renderSchedule(series: Series, texts: Texts): Screen {
  const { id, name, template, audienceLabel, cron, timezone, paused, next, fired, warnings } = series;
  const button = (action: string, style?: Button['style']): Button =>
    scheduleButton(id, action, texts.plain(`schedules.buttons.${action}`), style);
  return {
    html: [
      texts.html('schedules.head', { sign: paused ? '⏸' : '🔁', name, template, audience: audienceLabel }),
      texts.html('schedules.when', { rhythm: cronText(cron, texts), zone: zoneText(timezone, texts.language) }),
      paused ? texts.html('schedules.paused') : texts.html('schedules.next', { next: nextText(next, texts) }),
      texts.html('schedules.fired', { count: fired }),
      ...warningLines(warnings, texts),
    ].join('\n'),
    keyboard: [
      [paused ? button('resume', 'success') : button('pause'), button('delete', 'danger')],
      [{ text: texts.plain('buttons.toCampaigns'), data: buttonData('schedules', 0, 'page') }],
    ],
  };
}

/** Before it is gone for good. */
export function renderScheduleSure({ id, name }: Series, texts: Texts): Screen {
  return {
    html: texts.html('schedules.sure', { name }),
    keyboard: [
      [
        scheduleButton(id, 'delete!', texts.plain('schedules.buttons.sure'), 'danger'),
        scheduleButton(id, 'open', texts.plain('buttons.no')),
      ],
    ],
  };
}

function scheduleButton(id: string, action: string, text: string, style?: Button['style']): Button {
  return { text, data: buttonData('schedules', id, action), ...(style ? { style } : {}) };
}

/** A rhythm that the bot made, in words; any other as it stands. */
function cronText(cron: string, texts: Texts): string {
  const known = rhythmOf(cron);
  return known ? rhythmText(known.rhythm, known.clock, texts) : cron;
}

/** `every Tuesday at 10:00`; without a clock, `every Tuesday`. */
export function rhythmText(rhythm: Rhythm, clock: string, texts: Texts): string {
  const day = 'day' in rhythm ? rhythm.day : 0;
  const words = texts.plain(`schedules.rhythms.${rhythm.every}`, {
    day: rhythm.every === 'week' ? Info.weekdays('long', { locale: texts.language })[day - 1]! : day,
  });
  return clock ? texts.plain('schedules.at', { rhythm: words, clock }) : words;
}

export function nextText(next: readonly Date[], texts: Texts): string {
  return next
    .slice(0, SHOWN_NEXT)
    .map((at) => texts.shortTime(at))
    .join(' · ');
}

/** What clocks do to a series, a line each. */
export function warningLines(warnings: readonly Refusal[], texts: Texts): string[] {
  return warnings.map((one) => warning(texts, texts.refusalText(one)));
}
