/** What a campaign's workflow is told of the campaign's options, in one piece for all that start one: integers only. */
import type { CampaignSpec } from './campaign-spec';
import { canaryInput } from './canary';
import { chainInput, type Chain } from './follow-ups';
import { resultsInput } from './results';
import { winnerInput } from './winner';

/** Empty for a campaign without options, whose history then is as it always was. */
export function optionsInput(
  campaign: Readonly<{
    spec: Pick<CampaignSpec, 'canary' | 'winner' | 'variants' | 'results'>;
    test: boolean;
    chain?: Chain;
  }>,
): ReturnType<typeof canaryInput> &
  ReturnType<typeof winnerInput> &
  ReturnType<typeof chainInput> &
  ReturnType<typeof resultsInput> {
  const { spec } = campaign;
  return { ...canaryInput(spec), ...winnerInput(spec), ...chainInput(campaign), ...resultsInput(campaign) };
}
