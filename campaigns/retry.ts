/** Resends at an admin's request, to failed deliveries and to unknown ones. */
import { createHash } from 'node:crypto';
import type { AudienceServices } from '../audience/sources';
import { done, refused, type Refusal, type Refused, type Result } from '../config/errors';
import type { Actor } from '../domain/story/actor';
import type { AudienceSource, OutcomeSource, ParameterSource } from '../domain/audience';
import { hasEnded } from '../domain/story/campaign';
import { specNow } from '../domain/campaign-senders';
import { nameWithEnd } from '../domain/campaign-name';
import { withoutNumbers } from '../domain/story/number-like';
import { paceNow } from '../domain/story/pace';
import type { Template } from '../domain/templates/template';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { RetrySelection } from '../workflows/messages';
import type { Commander, Commanding } from './commander';
import type { CampaignDraft, CampaignService } from './contract';
import { numbersOf, numbersUnderWay, reachedBy, relativesOf } from './relatives';

const ID_LENGTH = 12;

interface RetryDependencies extends Pick<CampaignService, 'create' | 'start'> {
  store: Pick<Store, 'campaigns' | 'deliveries'>;
  audience: AudienceServices;
  commander: Commander;
  /** The campaign's current template, possibly created again; refused if it changed or is gone. */
  templateNow: (campaign: CampaignDocument) => Promise<Result<Template>>;
  /** The current problem with the campaign's media link, if any. */
  linkRefusal: (campaign: CampaignDocument) => Refusal | undefined;
}

export function createRetry(dependencies: RetryDependencies): Pick<CampaignService, 'retryFailed' | 'decideUnknown'> {
  const { store, audience: audienceServices, commander, create, start } = dependencies;

  /** Starts a new campaign for these people of an ended one, without anyone reached meanwhile. */
  async function followUp(
    earlier: CampaignDocument,
    meant: OutcomeSource,
    { at, ...commanding }: Commanding & { at?: Date },
  ): Promise<Result<{ id: string; count: number }>> {
    const relatives = await relativesOf(earlier, store.campaigns);
    // A second press of the same button, or one that Telegram repeats after a crash, finds the first one's campaign.
    const { updateId } = commanding;
    const made = updateId && relatives.find(({ commandId }) => commandId === updateId);
    if (made) return begin(made._id, (await numbersOf(made.spec.audience, audienceServices)).size, at);

    const numbers = await numbersOf(meant, audienceServices);
    if (numbers.size === 0) return done({ id: earlier._id, count: 0 });
    const reachedIn: CampaignDocument[] = [];
    const open = new Set(numbers);
    for (const relative of relatives) {
      if (!hasEnded(relative.state)) {
        const underWay = await numbersUnderWay(relative, audienceServices);
        if ([...underWay].some((number) => numbers.has(number)))
          return refusedFor('retry_under_way', earlier, relative);
        continue;
      }
      const before = open.size;
      for (const number of await numbersOf(reachedBy(relative), audienceServices)) open.delete(number);
      if (open.size < before) reachedIn.push(relative);
    }
    if (open.size === 0) return refusedFor('retry_done', earlier, reachedIn[0]!);

    const audience: AudienceSource =
      reachedIn.length === 0 ? meant : { kind: 'combined', include: [meant], exclude: reachedIn.map(reachedBy) };
    const template = await dependencies.templateNow(earlier);
    if (!template.ok) return template;
    const draft = draftOf(earlier, { meant, audience, template: template.value.id }, commanding.by);
    // Two simultaneous retries see the same relatives, so the second finds the first one's campaign.
    const id = followUpId([earlier._id, JSON.stringify(audience), ...relatives.map(({ _id }) => _id)]);
    const created = await create(draft, { id, ...(updateId && { commandId: updateId }) });
    return created.ok ? begin(id, open.size, at) : created;
  }

  async function begin(id: string, count: number, at?: Date): Promise<Result<{ id: string; count: number }>> {
    const started = await start(id, at && { at });
    return started.ok ? done({ id, count }) : started;
  }

  /** Puts deliveries of a campaign back, or starts a follow-up if it has ended. */
  async function putBack(
    id: string,
    selection: RetrySelection,
    { at, ...commanding }: Commanding & { at?: Date },
  ): Promise<Result<{ id: string; count: number }>> {
    const campaign = await store.campaigns.find(id);
    if (!campaign) return refused('campaign_not_found', { id });
    const { unknown, families, codes } = selection;
    const audience = {
      kind: 'outcome',
      campaignId: id,
      states: [unknown ? 'unknown' : 'failed'],
      ...(families && { families }),
      ...(codes && { codes }),
    } satisfies OutcomeSource;
    if (hasEnded(campaign.state)) return followUp(campaign, audience, { ...commanding, ...(at && { at }) });
    const link = dependencies.linkRefusal(campaign);
    if (link) return { ok: false, refusal: link };
    const answer = await commander.retry(campaign, selection, commanding);
    return answer.ok ? done({ id, count: answer.value }) : answer;
  }

  return {
    retryFailed: (id, { families, codes, ...commanding }) =>
      putBack(id, { ...(families && { families }), ...(codes && { codes }) }, commanding),
    async decideUnknown(id, { choice, ...commanding }) {
      if (choice === 'send_again') return putBack(id, { unknown: true }, commanding);
      if (!(await store.campaigns.find(id))) return refused('campaign_not_found', { id });
      return done({ id, count: await store.deliveries.decideUnknown(id, 'assume_sent') });
    },
  };
}

/**
 * The same campaign for these people. What is left of a spread uses its derived rate instead of the whole time again.
 */
function draftOf(
  earlier: CampaignDocument,
  { meant, audience, template }: { meant: OutcomeSource; audience: AudienceSource; template: string },
  createdBy: Actor,
): CampaignDraft {
  const spec = specNow(earlier);
  const { ratePerSecond } = paceNow(earlier);
  return {
    ...spec,
    // An imported campaign's name may contain a number, and no admin types this name.
    name: nameWithEnd(withoutNumbers(spec.name), ' ↻'),
    template,
    audience,
    // Stored for readers of every language.
    audienceLabel: `${spec.name} ${meant.states.includes('unknown') ? '❓' : '❌'}`,
    parameters: asSent(spec.parameters),
    // With the same key everybody falls to the same template again, whose values the columns are.
    ...(spec.variants && {
      variants: spec.variants.map((variant) => ({ ...variant, parameters: asSent(variant.parameters) })),
    }),
    // Nothing is tested again: the others get what they would have got.
    ...(spec.winner && {
      winner: { ...spec.winner, known: spec.winner.known ?? earlier.winner?.settled?.variant ?? 0 },
    }),
    pace: ratePerSecond === undefined ? {} : { ratePerSecond },
    createdBy,
  };
}

/** The values that were filled before. */
function asSent(parameters: readonly ParameterSource[]): ParameterSource[] {
  // A link gets a code of the new campaign: clicks on it are that one's.
  return parameters.map((source, index) =>
    source.kind === 'link' ? source : { kind: 'column', column: `p${index + 1}` },
  );
}

function refusedFor(
  code: 'retry_under_way' | 'retry_done',
  { _id: id }: CampaignDocument,
  { _id: followUp, spec }: CampaignDocument,
): Refused {
  return refused(code, { id, followUp, name: spec.name });
}

function followUpId(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('/')).digest('hex').slice(0, ID_LENGTH);
}
