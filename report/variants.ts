/** One campaign by its variants: what each template came to, who leads, and whether chance alone may have done it. */
import { spentCost, type PriceTable } from '../domain/cost';
import { templatesOf } from '../domain/campaign-variants';
import { leadOf, type Part } from '../domain/comparison';
import { createCountryCounter } from '../domain/phones/phone-country';
import { emptyLedger, notTriedCount } from '../domain/story/ledger';
import { letterOf } from '../domain/variants';
import type { CampaignDocument, DeliveryDocument } from '../store/documents';
import type { ReplyStore } from '../store/contact-history';
import type { VariantLead, VariantLine } from './data';

/** Replies are looked up for this many people at once. */
const BATCH = 500;

export interface VariantTally {
  add(delivery: DeliveryDocument): Promise<void>;
  outcome(): Promise<{ byVariant: VariantLine[]; leads: VariantLead[] }>;
}

/** Undefined for a campaign without variants. Without `prices` no cost is named; `day`: of the prices. `clicked`: whose links were pressed. */
export function createVariantTally(
  campaign: CampaignDocument,
  replies: Pick<ReplyStore, 'answered'>,
  { prices, day, clicked }: { prices?: readonly PriceTable[] | undefined; day: string; clicked?: ReadonlySet<number> },
): VariantTally | undefined {
  if (!campaign.variants) return undefined;
  const nothing = () =>
    templatesOf(campaign).map((template) => ({
      template,
      ledger: emptyLedger(),
      delivered: createCountryCounter(),
      acceptedOnly: 0,
      replied: 0,
      clicked: 0,
    }));
  const counted = nothing();
  // Only a test's people are comparable: the rest got theirs later.
  const test = campaign.winner?.test;
  const tested = test === undefined ? counted : nothing();
  const waiting = new Map<string, (typeof counted)[number][]>();

  async function lookUp(): Promise<void> {
    const answered = await replies.answered(campaign._id, [...waiting.keys()]);
    for (const [phone, parts] of waiting) if (answered.has(phone)) for (const one of parts) one.replied += 1;
    waiting.clear();
  }

  return {
    async add({ n, state, variant, phone, messageId }) {
      // Those who were left out at the start belong to none, nor do those who wait for a winner.
      if (variant === undefined || !counted[variant]) return;
      const parts = test !== undefined && n < test ? [counted[variant], tested[variant]!] : [counted[variant]];
      for (const one of parts) {
        one.ledger.total += 1;
        one.ledger[state] += 1;
        if (clicked?.has(n)) one.clicked += 1;
        if (state === 'delivered' || state === 'read') one.delivered.add(phone ?? '');
        else if (messageId !== undefined && state !== 'queued') one.acceptedOnly += 1;
      }
      if (phone === undefined || state === 'skipped' || state === 'queued') return;
      if (waiting.set(phone, parts).size >= BATCH) await lookUp();
    },
    async outcome() {
      if (waiting.size > 0) await lookUp();
      const lineOf = (
        { template, ledger, delivered, acceptedOnly, replied, clicked: pressed }: (typeof counted)[number],
        variant: number,
      ): VariantLine => {
        const spent = prices && spentCost(delivered.counts, acceptedOnly, template.category, prices, day);
        return {
          key: `${letterOf(variant)} ${template.name}`,
          ledger,
          tried: ledger.total - notTriedCount(ledger),
          // Nobody is known any more (store/retention.ts).
          ...(campaign.forgottenAt ? {} : { replied }),
          ...(spent && { spent }),
          ...(clicked && { clicked: pressed }),
        };
      };
      const byVariant = counted.map(lineOf);
      return { byVariant, leads: leadsOf(tested.map(lineOf)) };
    },
  };
}

/** Of all that were sent to in the test, or else in all, because who gets which template was settled before anything could arrive or fail. */
function leadsOf(lines: readonly VariantLine[]): VariantLead[] {
  const measures: [VariantLead['measure'], (line: VariantLine) => number | undefined][] = [
    ['replied', ({ replied }) => replied],
    ['clicked', ({ clicked }) => clicked],
    ['read', ({ ledger }) => ledger.read],
  ];
  return measures.flatMap(([measure, hitsOf]) => {
    const parts = lines.map((line): Part | undefined => {
      const hits = hitsOf(line);
      return hits === undefined ? undefined : { hits, of: line.tried };
    });
    const lead = parts.every((part) => part !== undefined) ? leadOf(parts) : undefined;
    return lead && lead.difference > 0 ? [{ measure, ...lead }] : [];
  });
}
