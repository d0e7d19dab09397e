/** The senders of a draft, and whether each can send its template. */
import { accountsOf, type Sender, type Senders } from '../clients/gupshup/senders';
import { done, refused, type Refusal, type Result } from '../config/errors';
import type { CampaignSender } from '../domain/campaign-senders';
import type { CampaignSpec } from '../domain/campaign-spec';
import { presentTemplate } from '../domain/templates/present-template';
import type { Template } from '../domain/templates/template';
import type { Catalogue } from './catalogue';
import { senderNamed } from './sender-named';

/** Each once; the first one's template and hours stand for the campaign. Refused when the settings lack one. */
export function draftSenders(
  { sender, alsoFrom = [] }: Pick<CampaignSpec, 'sender' | 'alsoFrom'>,
  senders: Senders,
): Result<[Sender, ...Sender[]]> {
  const first = senderNamed(sender, senders);
  if (!first.ok) return first;
  const all: [Sender, ...Sender[]] = [first.value];
  for (const app of alsoFrom) {
    const found = senderNamed(app, senders);
    if (!found.ok) return found;
    if (!all.includes(found.value)) all.push(found.value);
  }
  return done(all);
}

/** Of all their wallets together: one that is empty leaves its people to the others. Undefined when one is not known. */
export async function balanceOf(senders: readonly Sender[]): Promise<number | undefined> {
  const balances = await Promise.all(accountsOf(senders).map(({ gupshup }) => gupshup.walletBalance()));
  return balances.reduce<number | undefined>(
    (sum, one) => (sum === undefined || one === undefined ? undefined : sum + one),
    0,
  );
}

type Copy = Pick<CampaignSender, 'sender' | 'templateId'>;

/** The senders' own copies of a template, which must be approved and say the same; and what is wrong with the others. */
export async function templateCopies(
  template: Template,
  apps: readonly string[],
  { templates }: Pick<Catalogue, 'templates'>,
  { refresh }: { refresh: boolean },
): Promise<{ copies: Copy[]; problems: Refusal[] }> {
  const copies: Copy[] = [];
  const problems: Refusal[] = [];
  for (const sender of apps) {
    const read = await templates({ sender, refresh });
    const copy = read.ok ? copyAmong(template, sender, read.value.templates) : read;
    if (copy.ok) copies.push({ sender, templateId: copy.value });
    // One made a minute ago is not in the cache.
    else if (!refresh && copy.refusal.code === 'template_at_sender') {
      const again = await templateCopies(template, [sender], { templates }, { refresh: true });
      copies.push(...again.copies);
      problems.push(...again.problems);
    } else problems.push(copy.refusal);
  }
  return { copies, problems };
}

/** The id of the copy. */
function copyAmong(template: Template, sender: string, templates: readonly Template[]): Result<string> {
  const { name, category } = template;
  const present = presentTemplate(template, templates);
  if (present.kind === 'changed') return refused('templates_differ', { template: name, sender });
  if (present.kind === 'gone') return refused('template_at_sender', { template: name, sender, status: 'MISSING' });
  const { id, status, category: theirs } = present.template;
  // It decides what a message costs, and who may get one.
  if (theirs !== category) return refused('templates_differ', { template: name, sender });
  return status === 'APPROVED' ? done(id) : refused('template_at_sender', { template: name, sender, status });
}
