/** Sending again on an admin's word: to those that failed, and to those nobody knows about. */
import { createHash } from 'node:crypto';
import { openAudience, type AudienceServices } from '../audience/sources';
import { done, refused, type Result } from '../config/errors';
import type { AudienceSource } from '../domain/audience';
import { hasEnded } from '../domain/campaign';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';
import type { RetrySelection } from '../workflows/messages';
import type { Commander, Commanding } from './commander';
import type { CampaignDraft, CampaignService } from './contract';

const ID_LENGTH = 12;

interface AgainDependencies extends Pick<CampaignService, 'create' | 'start'> {
  store: Pick<Store, 'campaigns' | 'deliveries'>;
  audience: AudienceServices;
  commander: Commander;
}

export function createAgain(dependencies: AgainDependencies): Pick<CampaignService, 'retryFailed' | 'decideUnknown'> {
  const { store, audience: audienceServices, commander, create, start } = dependencies;

  /** Those of an ended campaign as a campaign of their own, started at once. */
  async function followUp(
    earlier: CampaignDocument,
    audience: Extract<AudienceSource, { kind: 'outcome' }>,
    { by, updateId }: Commanding,
  ): Promise<Result<{ id: string; count: number }>> {
    let count = 0;
    for await (const { phones } of openAudience(audience, audienceServices)) count += phones.length > 0 ? 1 : 0;
    if (count === 0) return done({ id: earlier._id, count });
    const draft: CampaignDraft = {
      name: `${earlier.name} ↻`,
      template: earlier.template.id,
      audience,
      // Stored for readers of every language.
      audienceLabel: `${earlier.name} ${audience.states.includes('unknown') ? '❓' : '❌'}`,
      parameters: earlier.parameters.map((_, index) => ({ kind: 'column', column: `p${index + 1}` })),
      ...(earlier.mediaUrl && { mediaUrl: earlier.mediaUrl }),
      ...(earlier.ratePerSecond && { ratePerSecond: earlier.ratePerSecond }),
      hours: earlier.hours ?? 'any',
      ...(earlier.laterWaves && { laterWaves: earlier.laterWaves }),
      createdBy: by,
    };
    // A second press of the same button, or one that Telegram repeats after a crash, finds the first one's campaign.
    const created = await create(draft, updateId ? { id: followUpId(earlier._id, updateId) } : {});
    if (!created.ok) return created;
    const { id } = created.value;
    const started = await start(id);
    if (!started.ok) return started;
    return done({ id, count });
  }

  /** Puts deliveries of a campaign back, or starts a follow-up when it has ended. */
  async function putBack(
    id: string,
    selection: RetrySelection,
    commanding: Commanding,
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
    } satisfies AudienceSource;
    if (hasEnded(campaign.state)) return followUp(campaign, audience, commanding);
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

function followUpId(earlierId: string, updateId: string): string {
  return createHash('sha256').update(`${earlierId}/${updateId}`).digest('hex').slice(0, ID_LENGTH);
}
