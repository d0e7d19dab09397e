/** The senders of a campaign as it is stored: usually one; several share its people, and the one that is ready takes the next. */
import type { CampaignSpec } from './campaign-spec';
import { namesOf, type SenderShare } from './story/sender-share';
import type { Trouble } from './story/trouble';
import type { Template } from './templates/template';

export interface CampaignSender extends SenderShare {
  /** Its copy of the campaign's template. */
  templateId: string;
  /** Why it sends nothing of this campaign now, while others do: it stands aside. */
  trouble?: Trouble;
  asideSince?: Date;
  /** How often it has stood aside in this campaign. */
  asides?: number;
  /** When it was last brought back. */
  backAt?: Date;
}

/** What a stored campaign says of them. `senders` only if there are several: the first of them is `sender`. */
export interface OfSenders {
  sender: string;
  template: Pick<Template, 'id'>;
  senders?: CampaignSender[];
}

/** All of them, the first one first. */
export function campaignSenders({ sender, template, senders }: OfSenders): CampaignSender[] {
  return senders ?? [{ sender, share: 1, templateId: template.id }];
}

/** The one that this app is; undefined if the campaign does not go from it. */
export function campaignSender(campaign: OfSenders, app: string): CampaignSender | undefined {
  return campaignSenders(campaign).find(({ sender }) => sender === app);
}

/** Those of several that stand aside. */
export function sendersAside(campaign: OfSenders): (CampaignSender & { trouble: Trouble })[] {
  return campaignSenders(campaign).flatMap((one) => (one.trouble ? [{ ...one, trouble: one.trouble }] : []));
}

/** The sender as it stands aside from now on, `undefined`: as it is back. Safe to repeat. */
export function standing(one: CampaignSender, trouble: Trouble | undefined, now: Date): CampaignSender {
  const { trouble: before, asideSince, ...rest } = one;
  if (!trouble) return before ? { ...rest, backAt: now } : one;
  if (before) return { ...rest, trouble, asideSince: asideSince ?? now };
  return { ...rest, trouble, asideSince: now, asides: (rest.asides ?? 0) + 1 };
}

/** As reports and messages name them. */
export function senderNames(campaign: OfSenders): string {
  return namesOf(campaignSenders(campaign));
}

/** Messages per second of all together. `capOf`: of one. */
export function campaignCap(campaign: OfSenders, capOf: (sender: string) => number): number {
  return campaignSenders(campaign).reduce((sum, { sender }) => sum + capOf(sender), 0);
}

/** Each with its part by its cap. */
export function withShares(
  copies: readonly Pick<CampaignSender, 'sender' | 'templateId'>[],
  capOf: (sender: string) => number,
): CampaignSender[] {
  const caps = copies.map(({ sender }) => capOf(sender));
  const whole = caps.reduce((sum, cap) => sum + cap, 0);
  return copies.map((copy, index) => ({ ...copy, share: caps[index]! / whole }));
}

/** What its workflow is told of them. */
export function senderInput(campaign: OfSenders): { sender: string; senders?: SenderShare[] } {
  const { sender, senders } = campaign;
  return { sender, ...(senders && { senders: senders.map(({ sender, share }) => ({ sender, share })) }) };
}

/** The spec with the senders that it goes from now: it may have been moved. */
export function specNow({ spec, ...campaign }: OfSenders & { spec: CampaignSpec }): CampaignSpec & { sender: string } {
  const { alsoFrom: _asked, ...rest } = spec;
  const [first, ...others] = campaignSenders(campaign);
  return { ...rest, sender: first!.sender, ...(others.length > 0 && { alsoFrom: others.map(({ sender }) => sender) }) };
}
