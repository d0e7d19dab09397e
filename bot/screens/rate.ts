/** How fast a started campaign sends: a few values with the time they take, a typed one, or a time to take. */
import type { CampaignStatus } from '../../campaigns/contract';
import { done, refused } from '../../config/errors';
import { spreadRate } from '../../domain/story/pace';
import type { StepAt } from '../conversation/steps';
import { clockText, readPace, SLOWEST } from '../typed';
import { rowsOf, type Screen } from '../screen';
import { refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { shorten } from '../texts';

type RateStep = StepAt<'rate'>;

/** Messages a second; those below the sender's cap are offered, and the cap itself. */
const LADDER = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const OFFERED = 5;
/** The rest over so many hours. */
const SPREAD_HOURS = [2, 4, 8];

export const rateScreen: StepScreen<RateStep> = {
  show: async ({ campaignId }, talk, view) => {
    const status = await talk.services.campaigns.status(campaignId);
    return status.ok ? done({ screen: renderRates(status.value, talk, view) }) : status;
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

function renderRates(status: CampaignStatus, { now }: Talk, view: View): Screen {
  const { texts } = view;
  const { capPerSecond: cap } = status;
  const left = leftOf(status);
  const offered = [...LADDER.filter((rate) => rate < cap).slice(-OFFERED), cap];
  const buttons = offered.map((rate) => {
    const text = texts.plain('rate.value', { rate });
    return view.button('rate', {
      text: left > 0 ? `${text} · ${texts.duration(left / rate)}` : text,
      argument: rate,
    });
  });
  const spreads = SPREAD_HOURS.filter((hours) => left > 0 && left / cap < hours * 3600).map((hours) => {
    const at = texts.plain('pace.till', { at: clockText(now().plus({ hours }).toJSDate(), now()) });
    const text = texts.plain('pace.over', { span: texts.duration(hours * 3600) });
    return view.button('rate', { text: `${text} · ${at}`, argument: rateFor(left, hours * 3_600_000) });
  });
  return {
    html: texts.html('rate.question', { name: status.name, rate: status.ratePerSecond, cap }),
    keyboard: [
      ...rowsOf(buttons, 2),
      ...rowsOf(spreads, 2),
      [view.button('cancel', { text: texts.plain('buttons.back') })],
    ],
  };
}

/** Messages a second; undefined for what is neither a rate nor a time. */
async function readRate({ campaignId }: RateStep, typed: string, { services }: Talk): Promise<number | undefined> {
  const { ratePerSecond, spreadMs } = readPace(typed) ?? {};
  if (!spreadMs) return ratePerSecond;
  const status = await services.campaigns.status(campaignId);
  // Before its audience is frozen, the number of people to spread is unknown.
  return status.ok && leftOf(status.value) > 0 ? rateFor(leftOf(status.value), spreadMs) : undefined;
}

/** Messages a second at which so many take so long, to a hundredth. */
function rateFor(left: number, spreadMs: number): number {
  return Math.max(SLOWEST, Math.round(spreadRate(left, spreadMs) * 100) / 100);
}

async function change({ campaignId, name }: RateStep, wanted: number, talk: Talk): Promise<Move> {
  const { texts, services } = talk;
  const status = await services.campaigns.status(campaignId);
  if (!status.ok) return refuse(status);
  const ratePerSecond = Math.min(wanted, status.value.capPerSecond);
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
