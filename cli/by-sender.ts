/** A campaign of several senders: a draft for each, and their answers as one. */
import type { CampaignDraft } from '../campaigns/contract';
import { senderNamed } from '../campaigns/sender-named';
import { spreadDrafts, templatesDiffer } from '../campaigns/spread';
import type { Template } from '../domain/templates/template';
import { refusal, valueOf, WrongUsage } from './errors';
import type { Services } from './services';

/** An answer whose text is whole. */
export interface TextAnswer {
  json: unknown;
  text: string;
}

/** The draft for its sender, or one for each of several; refused when they cannot send the same. */
export async function bySender(
  draft: CampaignDraft,
  apps: readonly string[],
  services: Pick<Services, 'catalogue' | 'senders'>,
): Promise<CampaignDraft[]> {
  const [only, second] = apps;
  if (second === undefined) return [{ ...draft, ...(only !== undefined && { sender: only }) }];
  if (new Set(apps).size < apps.length) throw new WrongUsage(`--sender: expected each once, got ${apps.join(', ')}`);
  const [catalogue, table] = [await services.catalogue(), await services.senders()];
  const senders = apps.map((app) => valueOf(senderNamed(app, table)));
  const copies: { sender: string; template: Template }[] = [];
  for (const { app: sender } of senders) {
    const known = copies[0]?.template;
    // An id is one app's; the name is everybody's.
    const wanted = known ? `${known.name}/${known.language}` : draft.template;
    copies.push({ sender, template: valueOf(await catalogue.template(wanted, sender)) });
  }
  const differ = templatesDiffer(copies);
  if (differ) throw refusal(differ);
  return spreadDrafts(draft, senders).map((one, index) => ({ ...one, template: copies[index]!.template.id }));
}

/** One answer as it is; several as a list. */
export function joined(answers: readonly TextAnswer[]): TextAnswer {
  const [first] = answers;
  if (answers.length === 1) return first!;
  return { json: { campaigns: answers.map(({ json }) => json) }, text: answers.map(({ text }) => text).join('\n\n') };
}
