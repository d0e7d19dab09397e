/** `--control` and `--control-as`: who is held back, to be compared with the people that are written to. */
import { nanoid } from 'nanoid';
import { refused } from '../config/errors';
import type { CampaignSpec } from '../domain/campaign-spec';
import { refusal, WrongUsage } from './errors';
import type { Services } from './services';

export interface ControlOptions {
  /** Whole percent; the spec's schema knows the bounds. */
  control?: number;
  /** The id of the campaign whose control group it is. */
  controlAs?: string;
}

const KEY_LENGTH = 10;

/** People of a key of their own, or those that an earlier campaign held back; nobody when neither is asked for. */
export async function chooseControl(
  { control, controlAs }: ControlOptions,
  services: Services,
): Promise<Pick<CampaignSpec, 'controlPercent' | 'splitKey'>> {
  if (controlAs === undefined)
    return control === undefined ? {} : { controlPercent: control, splitKey: nanoid(KEY_LENGTH) };
  const campaign = await (await services.store()).campaigns.find(controlAs);
  if (!campaign) throw refusal(refused('campaign_not_found', { id: controlAs }).refusal);
  const { controlPercent, splitKey } = campaign.spec;
  if (controlPercent === undefined || splitKey === undefined)
    throw new WrongUsage('--control-as: campaign {{controlAs}} has no control group', { controlAs });
  return { controlPercent: control ?? controlPercent, splitKey };
}
