/** The variants of a stored campaign: which template, copy and file a delivery goes out with. */
import type { CampaignSpec } from './campaign-spec';
import { campaignSender, type OfSenders } from './campaign-senders';
import type { Template } from './templates/template';

/** A further template as it was when the campaign was created or prepared, with each sender's copy of it. */
export interface CampaignVariant {
  template: Template;
  copies: { sender: string; templateId: string }[];
}

interface OfVariants extends OfSenders {
  template: Template;
  spec: Pick<CampaignSpec, 'mediaUrl' | 'variants'>;
  /** Only if there are any beside the campaign's own template. */
  variants?: CampaignVariant[];
}

/** The template of a delivery, and the file of its header. `variant`: as the delivery has it; 0 and absent = the campaign's own. */
export function messageOf(campaign: OfVariants, variant = 0): { template: Template; mediaUrl?: string } {
  const template = variant === 0 ? campaign.template : campaign.variants?.[variant - 1]?.template;
  if (!template) throw new Error(`variant ${variant}: the campaign has ${1 + (campaign.variants?.length ?? 0)}`);
  const mediaUrl = campaign.spec.variants?.[variant - 1]?.mediaUrl ?? campaign.spec.mediaUrl;
  return { template, ...(mediaUrl !== undefined && { mediaUrl }) };
}

/** The id of the app's copy of that template; undefined if the campaign does not go from the app. */
export function templateIdAt(campaign: OfVariants, app: string, variant = 0): string | undefined {
  if (variant === 0) return campaignSender(campaign, app)?.templateId;
  return campaign.variants?.[variant - 1]?.copies.find(({ sender }) => sender === app)?.templateId;
}

/** All templates of the campaign, its own first. */
export function templatesOf({ template, variants = [] }: Pick<OfVariants, 'template' | 'variants'>): Template[] {
  return [template, ...variants.map((one) => one.template)];
}

/** Whether the campaign sends this template from the app. */
export function sendsTemplate(campaign: OfVariants, app: string, templateId: string): boolean {
  return templatesOf(campaign).some((_, variant) => templateIdAt(campaign, app, variant) === templateId);
}
