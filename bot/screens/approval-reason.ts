/** Why a campaign must not go out: its makers are told, and it is cancelled. */
import { done } from '../../config/errors';
import type { StepAt } from '../conversation/steps';
import { refuse, type StepScreen } from '../conversation/talk';
import { shorten } from '../texts';

const REASON_CHARACTERS = 300;

export const approvalReasonScreen: StepScreen<StepAt<'approvalReason'>> = {
  show: async ({ name }, _talk, { texts, button }) =>
    done({
      screen: {
        html: texts.html('approval.reasonQuestion', { name }),
        keyboard: [[button('cancel', { text: texts.plain('buttons.no') })]],
      },
    }),
  text: async ({ campaignId, name, round }, typed, { services, actor, texts }) => {
    const reason = shorten(typed.trim().replace(/\s+/g, ' '), REASON_CHARACTERS);
    const answer = await services.campaigns.approvals.refuse(campaignId, { round, by: actor, reason });
    return answer.ok ? { kind: 'close', html: texts.html('approval.refused', { name, reason }) } : refuse(answer);
  },
};
