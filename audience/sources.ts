/** Opens a campaign's audience: streams its people. */
import type { ClickStore } from '../store/clicks';
import { inBatches } from '../domain/batches';
import {
  originIn,
  sourcesIn,
  type AudienceSource,
  type CrmFilter,
  type LeadStage,
  type OutcomeSource,
  type Person,
  type SimpleSource,
} from '../domain/audience';
import type { CampaignStore } from '../store/campaigns';
import type { DeliveryStore } from '../store/deliveries';
import type { DeliveryDocument } from '../store/documents';
import type { Store } from '../store/connect';
import type { ReplyStore } from '../store/contact-history';
import { personOf, pressedAmong } from './earlier';
import { followUpPeople } from './follow-up';

export interface AudienceServices {
  crm: {
    /** The people of the leads that the filter selects. */
    people(filter: CrmFilter, signal?: AbortSignal): AsyncIterable<Person>;
    /** Where leads stand now, without deleted ones; the follow-ups of CRM leads need it. */
    leadsById?(ids: readonly number[], signal?: AbortSignal): Promise<Map<number, LeadStage>>;
  };
  lists: {
    /** The people of a saved list, in the order of the file. */
    rows(listId: string): AsyncIterable<Person>;
  };
  /** Deliveries of earlier campaigns, and who answered them. */
  deliveries: Pick<DeliveryStore, 'stream'>;
  replies: Pick<ReplyStore, 'answered'>;
  /** Who pressed a tracked link; an audience of those who did, or did not, needs it. */
  clicks?: Pick<ClickStore, 'among'>;
  /** Earlier campaigns; the people of a follow-up need it. */
  campaigns?: Pick<CampaignStore, 'find'>;
}

/** Those of this installation. */
export function audienceServices(
  {
    lists,
    deliveries,
    replies,
    clicks,
    campaigns,
  }: Pick<Store, 'lists' | 'deliveries' | 'replies' | 'clicks' | 'campaigns'>,
  crm: AudienceServices['crm'],
): AudienceServices {
  return { crm, lists, deliveries, replies, clicks, campaigns };
}

/** Replies are looked up for this many people at once. */
const BATCH = 500;

/**
 * The people of a source, in a stable order; a combined source streams its sources in turn, without looking at the
 * excluded ones. The stream throws what its service throws.
 */
export function openAudience(
  source: AudienceSource,
  services: AudienceServices,
  signal?: AbortSignal,
): AsyncIterable<Person> {
  return source.kind === 'combined'
    ? oneAfterAnother(source.include, services, signal)
    : openSource(source, services, signal);
}

/** The people that a combined audience excludes; empty for any other. */
export function openExcluded(
  source: AudienceSource,
  services: AudienceServices,
  signal?: AbortSignal,
): AsyncIterable<Person> {
  return oneAfterAnother(sourcesIn(source).exclude, services, signal, 'excluded');
}

/** What an earlier campaign's control group belongs to: the excluded people, whatever outcome is meant. */
type Role = 'included' | 'excluded';

async function* oneAfterAnother(
  sources: readonly SimpleSource[],
  services: AudienceServices,
  signal?: AbortSignal,
  role: Role = 'included',
): AsyncGenerator<Person> {
  for (const [index, source] of sources.entries()) {
    for await (const person of openSource(source, services, signal, role)) {
      yield { ...person, origin: originIn(index + 1, person.origin) };
    }
  }
}

function openSource(
  source: SimpleSource,
  { crm, lists, ...earlier }: AudienceServices,
  signal?: AbortSignal,
  role: Role = 'included',
): AsyncIterable<Person> {
  switch (source.kind) {
    case 'crm':
      return crm.people(source, signal);
    case 'list':
      return lists.rows(source.listId);
    case 'phones':
      return typedIn(source.phones);
    case 'outcome':
      return ofOutcome(source, earlier, role);
    case 'follow_up':
      return followUpPeople(source, { crm, ...earlier }, signal);
  }
}

// An async generator like the other sources, although it never waits.
async function* typedIn(phones: readonly string[]): AsyncGenerator<Person> {
  for (const [index, phone] of phones.entries()) yield { phones: [phone], columns: {}, origin: String(index + 1) };
}

async function* ofOutcome(
  { campaignId, states, codes, families, unanswered, clicked }: OutcomeSource,
  { deliveries, replies, clicks }: Pick<AudienceServices, 'deliveries' | 'replies' | 'clicks'>,
  role: Role,
): AsyncGenerator<Person> {
  const read = role === 'excluded' ? [...states, 'skipped'] : states;
  const isMeant = ({ state, skipReason, code = 'none', family = '' }: DeliveryDocument): boolean =>
    skipReason === 'control' && state === 'skipped'
      ? role === 'excluded'
      : states.includes(state) && (!codes || codes.includes(code)) && (!families || families.includes(family));
  for await (const batch of inBatches(deliveries.stream(campaignId, { states: read }), BATCH)) {
    const meant = batch.filter(isMeant);
    const phones = meant.flatMap(({ phone }) => phone ?? []);
    const answered = unanswered && phones.length > 0 ? await replies.answered(campaignId, phones) : undefined;
    const pressed = clicked && (await pressedAmong(campaignId, meant, clicks));
    for (const delivery of meant) {
      const { n, state, phone } = delivery;
      if (phone && answered?.has(phone)) continue;
      if (pressed && state !== 'skipped' && pressed.has(n) !== (clicked === 'yes')) continue;
      yield personOf(delivery);
    }
  }
}
