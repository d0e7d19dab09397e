/** The block above the send buttons: what should be known before a campaign starts, each with what can be done about it. */
import type { DateTime } from 'luxon';
import type { Preflight } from '../../campaigns/contract';
import { warnedCountries } from '../../campaigns/countries';
import { refusalOf, type Refusal } from '../../config/errors';
import { outcomeSource } from '../../domain/audience';
import {
  actionsAgainst,
  guardsAmong,
  MORNING,
  nightGuard,
  recipientHours,
  type GuardAction,
} from '../../domain/guards';
import type { SendingHours } from '../../domain/times/sending-hours';
import { withPart } from '../conversation/chosen-audience';
import { change, withAudience, withOption, type Draft } from '../conversation/draft';
import type { Step } from '../conversation/steps';
import { go, stale, type Move, type Talk, type View } from '../conversation/talk';
import { rowsThatFit, type Button } from '../screen';
import { alsoWithout } from './without-countries';

/** The guards of a checked draft that starts at `at`. */
function guardsOf({ warnings, clocks = [], hours }: Preflight, at: DateTime): Refusal[] {
  const night = nightGuard(at.toJSDate(), clocks, hours);
  return guardsAmong([...(night ? [refusalOf(night)] : []), ...warnings]);
}

interface GuardBlock {
  /** One paragraph of HTML, or none. */
  html: string[];
  rows: Button[][];
}

/** `without`: actions whose buttons the screen has anyway. */
export function guardBlock(
  checked: Preflight,
  at: DateTime,
  { texts, button }: View,
  without: readonly GuardAction[] = [],
): GuardBlock {
  const guards = guardsOf(checked, at);
  if (guards.length === 0) return { html: [], rows: [] };
  const lines = guards.map((one) => texts.html('preview.warning', { sentence: texts.refusalText(one) }));
  const actions = actionsAgainst(guards).filter((action) => !without.includes(action));
  const label = (action: GuardAction): string => texts.plain(`buttons.${action}`, { from: MORNING.from });
  return {
    html: [[texts.html('guards.title'), ...lines].join('\n')],
    rows: rowsThatFit(actions.map((action) => button('guard', { text: label(action), argument: action }))),
  };
}

/** A button of the block, pressed on the screen `from`, to which it comes back where nobody must be looked at anew. */
export function pressGuard(argument: string, from: Step, talk: Talk): Move {
  const { draft, texts, services } = talk;
  switch (argument as GuardAction) {
    case 'morning':
      return go(from, withHours(draft, recipientHours(MORNING, texts.zone, services.holidays)));
    case 'anyTime':
      return go(from, withHours(draft, 'any'));
    case 'hours':
      return go({ at: 'option', option: 'hours' }, draft);
    case 'leaveOut':
      return leaveOut(talk);
    case 'leaveOutCountries':
      return draft.checked ? alsoWithout(draft, warnedCountries(draft.checked.countries ?? [])) : stale;
    case 'rules':
      return go({ at: 'rules' }, draft);
    case 'otherTemplate':
      return go({ at: 'template', page: 0 }, draft);
    case 'recheck':
      return go({ at: 'preview' }, change(draft, {}));
    default:
      return stale;
  }
}

/** Who gets it stays as it was checked: hours as wide as these leave out nobody whose clock is known. */
function withHours(draft: Draft, hours: SendingHours | 'any'): Draft {
  const next = withOption(draft, 'hours', hours);
  if (!next.checked) return next;
  const { hours: _former, ...checked } = next.checked;
  return { ...next, checked: { ...checked, ...(hours !== 'any' && { hours }) } };
}

/** Everybody whom those campaigns reached is left out from now on. */
function leaveOut({ draft, texts }: Talk): Move {
  const { audience, checked } = draft;
  if (!audience || !checked?.lately) return stale;
  const words = texts.plain('audience.outcomes.reached');
  const without = checked.lately.reduce(
    (rest, { id, name }) =>
      withPart(
        rest,
        {
          source: outcomeSource(id, 'reached'),
          label: texts.plain('audience.outcomeLabel', { name, outcome: words }),
          columns: [],
        },
        'exclude',
      ),
    audience,
  );
  return go({ at: 'preview' }, withAudience(draft, without));
}
