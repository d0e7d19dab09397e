/** A test of variants: how large it is, what the best is measured by, how long it is watched, and what if that may be chance. Later the question which of them goes to the rest. */
import type { CampaignStatus } from '../../campaigns/contract';
import { buttonData } from '../../clients/telegram-buttons';
import { done, refused } from '../../config/errors';
import { optionText, spanText } from '../../config/spec-text';
import { readOption } from '../../domain/campaign-spec';
import { commandFits } from '../../domain/story/campaign';
import { letterOf } from '../../domain/variants';
import { WINNER_MEASURES, type WinnerRule } from '../../domain/winner';
import { change, withOption, type Draft } from '../conversation/draft';
import type { StepAt } from '../conversation/steps';
import { go, onward, refuse, stale, type StepScreen, type Talk, type View } from '../conversation/talk';
import { mark, rowsOf, type Screen } from '../screen';
import type { Texts } from '../texts';

const PERCENTS = [10, 20, 30, 50];
const HOURS = [1, 4, 24, 48];
const DEFAULT: WinnerRule = { testPercent: 20, by: 'replies', waitMs: 24 * 3_600_000, ifChance: 'ask' };

export const winnerScreen: StepScreen<StepAt<'option'>> = {
  show: async (_step, talk, view) => done({ screen: renderWinner(talk, view) }),
  press: async (step, action, argument, { draft }) => {
    if (action === 'noWinner') return onward(change(withOption(draft, 'winner', undefined), {}));
    const changed = changeBy(action, argument);
    return changed && draft.variants ? go(step, withWinner(draft, changed)) : stale;
  },
  text: async (step, typed, { draft }) => {
    const testPercent = Number(typed.replace('%', '').trim() || NaN);
    const read = readOption('winner', { ...DEFAULT, ...draft.winner, testPercent });
    if ('problem' in read) return refuse(refused('winner_invalid', { value: typed.trim().slice(0, 40) }));
    return draft.variants ? go(step, withWinner(draft, { testPercent })) : stale;
  },
};

/** Who gets what changes, so everybody is looked at anew. */
function withWinner(draft: Draft, changed: Partial<WinnerRule>): Draft {
  return change(draft, { winner: { ...DEFAULT, ...draft.winner, ...changed } });
}

function changeBy(action: string, argument: string | undefined): Partial<WinnerRule> | undefined {
  const value = Number(argument);
  if (action === 'winnerTest' && PERCENTS.includes(value)) return { testPercent: value };
  if (action === 'winnerWait' && HOURS.includes(value)) return { waitMs: value * 3_600_000 };
  const by = WINNER_MEASURES.find((one) => one === argument);
  if (action === 'winnerBy' && by) return { by };
  if (action === 'winnerChance' && (argument === 'best' || argument === 'ask')) return { ifChance: argument };
  return undefined;
}

function renderWinner({ draft }: Talk, view: View): Screen {
  const { texts } = view;
  const { winner } = draft;
  const choice = (action: string, argument: string | number, text: string, isChosen: boolean) =>
    view.button(action, { text: mark(isChosen, text), argument });
  const wording = { language: texts.language, timezone: texts.zone };
  return {
    html: texts.html('winner.question', {
      present: (winner && optionText('winner', winner, wording)) ?? texts.plain('winner.none'),
    }),
    keyboard: [
      [view.button('noWinner', { text: mark(!winner, texts.plain('winner.noneButton')) })],
      PERCENTS.map((percent) =>
        choice('winnerTest', percent, texts.plain('winner.percent', { percent }), winner?.testPercent === percent),
      ),
      ...rowsOf(
        WINNER_MEASURES.map((by) => choice('winnerBy', by, texts.plain(`winner.by.${by}`), winner?.by === by)),
        2,
      ),
      HOURS.map((hours) =>
        choice('winnerWait', hours, spanText(hours * 3600, texts.language), winner?.waitMs === hours * 3_600_000),
      ),
      (['best', 'ask'] as const).map((what) =>
        choice('winnerChance', what, texts.plain(`winner.chance.${what}`), winner?.ifChance === what),
      ),
      view.footer(),
    ],
  };
}

/** Whether the campaign's winner can be chosen. */
export function mayChooseWinner({ state, winnerTest, cancelling }: CampaignStatus): boolean {
  return winnerTest !== undefined && !winnerTest.settled && !cancelling && commandFits('chooseWinner', state);
}

/** Which variant goes to the rest; `figures` are lines about the test so far. */
export function renderChooseWinner(status: CampaignStatus, figures: readonly string[], texts: Texts): Screen {
  const { id, name, winnerTest, variants = [], template } = status;
  const templates = [template, ...variants.map((one) => one.template)];
  return {
    html: [
      texts.html('winner.choose', { name, people: winnerTest?.test ?? 0 }),
      ...figures.map((line) => texts.html('winner.figure', { line })),
    ].join('\n'),
    keyboard: [
      ...templates.map((one, variant) => [
        {
          text: texts.plain('winner.chooseButton', { variant: letterOf(variant), template: one }),
          data: buttonData('campaign', id, 'winner!', variant),
        },
      ]),
      [{ text: texts.plain('buttons.no'), data: buttonData('campaign', id, 'open') }],
    ],
  };
}
