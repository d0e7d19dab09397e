/** The options that the card of a new campaign offers, a screen each, in the order of their buttons. A new option is a line here. */
import type { CampaignOptions } from '../../domain/campaign-spec';
import { rowsOf, type Button } from '../screen';
import type { StepAt } from '../conversation/steps';
import { stale, type StepScreen, type View } from '../conversation/talk';
import { variantsScreen } from './ab';
import { controlScreen } from './control';
import { canaryScreen } from './canary';
import { followUpsScreen } from './follow-ups';
import { hoursScreen } from './hours';
import { neverReadsScreen } from './never-reads';
import { noteScreen } from './note';
import { onReplyScreen } from './on-reply';
import { paceScreen } from './pace';
import { repliesToScreen } from './replies-to';
import { resultsScreen } from './results';
import { sendersScreen } from './senders';
import { wavesScreen } from './waves';
import { withoutCountriesScreen } from './without-countries';
import { winnerScreen } from './winner';

const SCREENS = {
  hours: hoursScreen,
  pace: paceScreen,
  laterWaves: wavesScreen,
  variants: variantsScreen,
  winner: winnerScreen,
  followUps: followUpsScreen,
  controlPercent: controlScreen,
  results: resultsScreen,
  canary: canaryScreen,
  neverReads: neverReadsScreen,
  withoutCountries: withoutCountriesScreen,
  note: noteScreen,
  repliesTo: repliesToScreen,
  onReply: onReplyScreen,
  alsoFrom: sendersScreen,
} satisfies Partial<Record<keyof CampaignOptions | 'alsoFrom', StepScreen<StepAt<'option'>>>>;

export type OfferedOption = keyof typeof SCREENS;

/** The option that a button of the card names. */
export function offeredOption(name: string): OfferedOption | undefined {
  return Object.hasOwn(SCREENS, name) ? (name as OfferedOption) : undefined;
}

/** The question about one option. */
export const optionScreen: StepScreen<StepAt<'option'>> = {
  show: (step, talk, view) => SCREENS[step.option].show(step, talk, view),
  press: async (step, action, argument, talk) =>
    (await SCREENS[step.option].press?.(step, action, argument, talk)) ?? stale,
  text: async (step, typed, talk) => (await SCREENS[step.option].text?.(step, typed, talk)) ?? stale,
};

/**
 * A button for each, two in a row. How fast it sends is asked only where somebody is to be sent to, and from where only
 * if there are several senders; a test only where there are variants.
 */
export function optionRows(
  view: View,
  { canStart, senders, variants }: { canStart: boolean; senders: number; variants: boolean },
): Button[][] {
  const isOffered = (option: OfferedOption): boolean =>
    option === 'pace' ? canStart : option === 'winner' ? variants : option !== 'alsoFrom' || senders > 1;
  const offered = (Object.keys(SCREENS) as OfferedOption[]).filter(isOffered);
  const buttons = offered.map((option) =>
    view.button('option', { text: view.texts.plain(`buttons.${option}`), argument: option }),
  );
  return rowsOf(buttons, 2);
}
