/**
 * One audience spread over several senders: a campaign for each, with a part of the people in proportion to its cap. A
 * sender in trouble holds up its own people only.
 */
import type { Sender } from '../clients/gupshup/senders';
import { refused, type Refusal } from '../config/errors';
import { nameWithEnd } from '../domain/campaign-name';
import { presentTemplate } from '../domain/templates/present-template';
import type { Template } from '../domain/templates/template';
import type { CampaignDraft } from './contract';

type Capped = Pick<Sender, 'app' | 'sendsPerSecond'>;

/** A draft for each sender. Together they have everybody once; an own rate of the draft is shared in proportion, too. */
export function spreadDrafts(draft: CampaignDraft, senders: readonly Capped[]): CampaignDraft[] {
  const of = senders.reduce((sum, { sendsPerSecond }) => sum + sendsPerSecond, 0);
  let from = 0;
  return senders.map(({ app: sender, sendsPerSecond }) => {
    const part = { from, to: from + sendsPerSecond, of };
    from = part.to;
    const { ratePerSecond } = draft.pace ?? {};
    return {
      ...draft,
      name: nameWithEnd(draft.name, ` · ${sender}`),
      sender,
      part,
      ...(ratePerSecond !== undefined && {
        pace: { ...draft.pace, ratePerSecond: (ratePerSecond * sendsPerSecond) / of },
      }),
    };
  });
}

/** What keeps the senders from sending the same: their copies of the template must have the same words and parameters. */
export function templatesDiffer(copies: readonly { sender: string; template: Template }[]): Refusal | undefined {
  const [first, ...others] = copies;
  const other = others.find(({ template }) => presentTemplate(first!.template, [template]).kind !== 'same');
  return (
    other &&
    refused('templates_differ', {
      template: other.template.name,
      sender: first!.sender,
      other: other.sender,
    }).refusal
  );
}
