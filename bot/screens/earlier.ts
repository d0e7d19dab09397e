/** People of an earlier campaign, by what became of their message. */
import type { CampaignStatus } from '../../campaigns/contract';
import { done, refused } from '../../config/errors';
import { OUTCOME_NAMES, outcomesOf, outcomeSource, type OutcomeName } from '../../domain/audience';
import type { StepAt } from '../conversation/steps';
import { go, refuse, stale, type StepScreen } from '../conversation/talk';
import { shorten } from '../texts';
import { chooseSource } from './audience';
import { STATE_SIGNS } from './campaigns';

const PAGE_SIZE = 7;
/** So many campaigns are looked through. */
const LISTED = 100;

export const earlierScreen: StepScreen<StepAt<'earlier'>> = {
  show: async (step, { services }, view) => {
    // Before its audience is frozen a campaign has no people.
    const frozen = (await services.campaigns.list({ limit: LISTED })).filter(({ ledger }) => ledger.total > 0);
    return done({
      screen: {
        html: view.texts.html(frozen.length > 0 ? 'audience.earlier' : 'audience.noEarlier'),
        keyboard: [
          ...view.list(frozen, [step.page, PAGE_SIZE], (status) =>
            view.button('pick', { text: labelOf(status), argument: status.id }),
          ),
          view.footer(),
        ],
      },
    });
  },
  press: async (step, action, argument, { draft, services }) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, draft);
    if (action !== 'pick') return stale;
    const found = await services.campaigns.status(argument);
    return found.ok ? go({ at: 'outcome', campaignId: argument, name: found.value.name }, draft) : refuse(found);
  },
};

function labelOf({ name, state, ledger }: CampaignStatus): string {
  return `${STATE_SIGNS[state]} ${shorten(name, 40)} · ${ledger.total - ledger.skipped}`;
}

export const outcomeScreen: StepScreen<StepAt<'outcome'>> = {
  show: async ({ campaignId, name }, { services, draft }, view) => {
    const found = await services.campaigns.status(campaignId);
    if (!found.ok) return found;
    // Whoever leaves people out mostly means those who have the message already.
    const offered = outcomesOf(found.value);
    const names = draft.role === 'exclude' ? offered.toReversed() : offered;
    return done({
      screen: {
        html: view.texts.html('audience.outcome', { name }),
        keyboard: [
          ...names.map((one) => {
            const count = countOf(one, found.value);
            const text = view.texts.plain(`audience.outcomes.${one}`);
            return [view.button('pick', { text: count === undefined ? text : `${text} · ${count}`, argument: one })];
          }),
          view.footer(),
        ],
      },
    });
  },
  press: async ({ campaignId, name }, action, argument, talk) => {
    const outcome = OUTCOME_NAMES.find((one) => one === argument);
    if (action !== 'pick' || !outcome) return stale;
    const found = await talk.services.campaigns.status(campaignId, { fresh: true });
    if (!found.ok) return refuse(found);
    if (countOf(outcome, found.value) === 0) return refuse(refused('audience_empty'));
    const words = talk.texts.plain(`audience.outcomes.${outcome}`);
    return chooseSource(
      talk,
      outcomeSource(campaignId, outcome),
      talk.texts.plain('audience.outcomeLabel', { name, outcome: words }),
    );
  },
};

/** How many it is now, where the ledger says so: it knows nothing of replies and clicks, nor which failures pass. */
function countOf(name: OutcomeName, { ledger }: CampaignStatus): number | undefined {
  const most = outcomeSource('', name).states.reduce((sum, state) => sum + ledger[state], 0);
  const isExact = !['failed_temporarily', 'not_replied', 'clicked', 'not_clicked'].includes(name);
  return isExact || most === 0 ? most : undefined;
}
