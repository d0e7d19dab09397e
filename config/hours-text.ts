/** Sending hours in words: "09:00–20:00, Mon–Fri, Europe/Moscow". */
import { Info } from 'luxon';
import type { SendingHours } from '../domain/times/sending-hours';
import { translate, type Language } from './i18n';

/** No markup in it. */
export function hoursText({ from, to, days, holidays, zone, timezone }: SendingHours, language: Language): string {
  return [
    from === '00:00' && to === '24:00' ? translate(language, 'words.hours.allDay') : `${from}–${to}`,
    ...(days.length < 7 ? [daysText(days, language)] : []),
    ...(holidays.length > 0 ? [translate(language, 'words.hours.holidays', { count: holidays.length })] : []),
    zone === 'recipient' ? translate(language, 'words.hours.recipient') : timezone,
  ].join(', ');
}

/** `[1, 2, 3, 7]` → `Mon–Wed, Sun`. */
function daysText(days: readonly number[], language: Language): string {
  const names = Info.weekdays('short', { locale: language });
  const runs: number[][] = [];
  for (const day of [...days].sort()) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  return runs
    .map((run) =>
      (run.length > 2 ? [run[0]!, run.at(-1)!] : run).map((day) => names[day - 1]).join(run.length > 2 ? '–' : ', '),
    )
    .join(', ');
}
