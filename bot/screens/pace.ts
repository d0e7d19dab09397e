/** How fast a new campaign sends: as fast as allowed, so many a second, or spread over a time; each with its end. */
import { DateTime } from 'luxon';
import { done, refused } from '../../config/errors';
import { optionText } from '../../config/spec-text';
import { finishOfSending, sendingSeconds } from '../../domain/times/finish';
import type { Pace } from '../../domain/campaign-spec';
import type { SendingHours } from '../../domain/times/sending-hours';
import { withPace } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { clockText, readPace } from '../typed';
import { mark, rowsOf, type Button, type Screen } from '../screen';
import { onward, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { shorten } from '../texts';

/** Messages a second; those below the sender's cap are offered. */
const RATES = [1, 2, 5, 10];
const SPREAD_HOURS = [2, 4];
/** A working day, for a campaign that keeps to no hours: nobody means the night. */
const DAY_HOURS = 8;
const HOUR_MS = 3_600_000;

export const paceScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, talk, view) => done({ screen: renderPace(talk, view) }),
  press: async (_step, action, argument, talk) => {
    const value = Number(argument);
    if (action === 'fastest') return chosen({}, talk);
    if (action === 'rate' && value > 0) return chosen({ ratePerSecond: value }, talk);
    return action === 'spread' && value > 0 ? chosen({ spreadMs: value * 60_000 }, talk) : stale;
  },
  text: async (_step, typed, talk) => {
    const pace = readPace(typed);
    return pace ? chosen(pace, talk) : refuse(refused('rate_invalid', { value: shorten(typed.trim(), 40) }));
  },
};

/** Back to the preview. Who gets it does not change with the pace, so nobody is asked for again. */
function chosen(pace: Pace, { draft, services }: Talk): Move {
  return onward(withPace(draft, pace, services.capOf(draft)));
}

function renderPace({ draft, services, now }: Talk, view: View): Screen {
  const { texts } = view;
  const cap = services.capOf(draft);
  const { checked, pace = {} } = draft;
  const end = (one: Pace): string | undefined => {
    // How many it is to reach is not known yet.
    if (!checked) return undefined;
    const seconds = sendingSeconds(checked.sendable, one, cap);
    const at = finishOfSending(now().toJSDate(), seconds, checked.hours);
    return at ? texts.plain('pace.till', { at: clockText(at, now()) }) : texts.duration(seconds);
  };
  const button = (action: string, argument: number, one: Pace, text: string): Button =>
    view.button(action, {
      text: [mark(isSame(one, pace), text), end(one)].filter(Boolean).join(' · '),
      argument,
    });
  const rates = RATES.filter((rate) => rate < cap).map((rate) =>
    button('rate', rate, { ratePerSecond: rate }, texts.plain('rate.value', { rate })),
  );
  const spreads = [...SPREAD_HOURS, dayHours(checked?.hours)].map((hours, index) => {
    const span = texts.duration(hours * 3600);
    const text = texts.plain(index < SPREAD_HOURS.length ? 'pace.over' : 'pace.overDay', { span });
    return button('spread', hours * 60, { spreadMs: hours * HOUR_MS }, text);
  });
  return {
    html: texts.html('pace.question', {
      present: optionText('pace', pace, { language: texts.language, timezone: texts.zone, cap }) ?? '',
      people: checked?.sendable ?? 0,
      zone: texts.zoneName,
    }),
    keyboard: [
      [button('fastest', 0, {}, texts.plain('pace.fastestButton'))],
      ...rowsOf(rates, 2),
      ...rowsOf(spreads, 2),
      view.footer(),
    ],
  };
}

const isSame = (one: Pace, other: Pace): boolean =>
  one.ratePerSecond === other.ratePerSecond && one.spreadMs === other.spreadMs;

/** How long the campaign may send on a day. */
function dayHours(hours: SendingHours | undefined): number {
  if (!hours) return DAY_HOURS;
  const [from, to] = [hours.from, hours.to].map((clock) => DateTime.fromISO(`2024-01-01T${clock}`));
  const open = to!.diff(from!, 'hours').hours;
  return open > 0 ? open : open + 24;
}
