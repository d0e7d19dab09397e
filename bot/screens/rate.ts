/** How fast a started campaign sends: a few values with the time they take, a typed one, or a time to take. */
import type { CampaignStatus } from '../../campaigns/contract';
import { done, refused } from '../../config/errors';
import type { Step } from '../draft';
import { rowsOf, type Screen } from '../screen';
import { refuse, stale, type Move, type StepScreen, type Talk, type View } from '../talk';
import { shorten } from '../texts';

type RateStep = Extract<Step, { at: 'rate' }>;

/** Messages a second; those below the sender's cap are offered, and the cap itself. */
const LADDER = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const OFFERED = 5;
const RATE = /^(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:\/\s*(?:s|sec|с|сек)\.?)?$/i;
/** `3h`, `90 min`: the rest shall take so long. Without a unit it would be a rate. */
const SPREAD = /^(\d{1,3}(?:[.,]\d)?)\s*(h|ч|час|часа|часов|m|min|м|мин)\.?$/i;
/** Slower than one message in a hundred seconds is no rate but a pause. */
const SLOWEST = 0.01;

export const rateScreen: StepScreen<RateStep> = {
  show: async ({ campaignId }, talk, view) => {
    const status = await talk.services.campaigns.status(campaignId);
    return status.ok ? done({ screen: renderRates(status.value, talk.services.sendsPerSecond, view) }) : status;
  },
  press: async (step, action, argument, talk) => {
    const rate = Number(argument);
    return action === 'rate' && rate > 0 ? change(step, rate, talk) : stale;
  },
  text: async (step, typed, talk) => {
    const rate = await readRate(step, typed, talk);
    return rate === undefined
      ? refuse(refused('rate_invalid', { value: shorten(typed.trim(), 40) }))
      : change(step, rate, talk);
  },
};

function leftOf({ ledger }: CampaignStatus): number {
  return ledger.queued + ledger.sending;
}

function renderRates(status: CampaignStatus, cap: number, view: View): Screen {
  const { texts } = view;
  const left = leftOf(status);
  const offered = [...LADDER.filter((rate) => rate < cap).slice(-OFFERED), cap];
  const buttons = offered.map((rate) => {
    const text = texts.plain('rate.value', { rate });
    return view.button('rate', {
      text: left > 0 ? `${text} · ${texts.duration(left / rate)}` : text,
      argument: rate,
    });
  });
  return {
    html: texts.html('rate.question', { name: status.name, rate: status.ratePerSecond, cap }),
    keyboard: [...rowsOf(buttons, 2), [view.button('cancel', { text: texts.plain('buttons.back') })]],
  };
}

/** Messages a second; undefined for what is neither a rate nor a time. */
async function readRate({ campaignId }: RateStep, typed: string, { services }: Talk): Promise<number | undefined> {
  const number = (text: string | undefined): number => Number(text?.replace(',', '.'));
  const [, rate] = RATE.exec(typed.trim()) ?? [];
  if (rate) return number(rate) >= SLOWEST ? number(rate) : undefined;
  const [, span, unit] = SPREAD.exec(typed.trim()) ?? [];
  if (!span || !unit) return undefined;
  const seconds = number(span) * (/^[hч]/i.test(unit) ? 3600 : 60);
  const status = await services.campaigns.status(campaignId);
  // Before its audience is frozen nobody knows how many there are to spread.
  if (!status.ok || leftOf(status.value) === 0 || seconds === 0) return undefined;
  return Math.max(SLOWEST, Math.round((leftOf(status.value) / seconds) * 100) / 100);
}

async function change({ campaignId, name }: RateStep, wanted: number, talk: Talk): Promise<Move> {
  const { texts, services } = talk;
  const ratePerSecond = Math.min(wanted, services.sendsPerSecond);
  const changed = await services.campaigns.command(campaignId, {
    command: 'setRate',
    ratePerSecond,
    by: talk.actor,
    updateId: `telegram-${talk.updateId}`,
  });
  if (!changed.ok) return refuse(changed);
  const capped = wanted > ratePerSecond ? `\n${texts.html('rate.capped', { cap: ratePerSecond })}` : '';
  return {
    kind: 'close',
    html: texts.html('rate.done', { name, rate: ratePerSecond }) + capped,
    after: () => talk.follow(changed.value),
  };
}
