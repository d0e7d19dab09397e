/** Creates the campaign of one firing of a series from the campaign that the series repeats. */
import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { DateTime } from 'luxon';
import { nameWithEnd } from '../domain/campaign-name';
import { campaignCap } from '../domain/campaign-senders';
import { chainAnew } from '../domain/follow-ups';
import type { CampaignSpec } from '../domain/campaign-spec';
import { sendingSeconds } from '../domain/times/finish';
import { mediaLinkProblem } from '../domain/templates/media-link';
import { mediaNeededUntil } from '../domain/templates/media-needed';
import { hoursAsked } from '../domain/times/sending-hours';
import { repeated } from '../domain/story/series';
import { needsMedia, type Template } from '../domain/templates/template';
import type { SettleLimits } from '../domain/story/settling';
import { capOf, type Senders } from '../clients/gupshup/senders';
import type { CampaignDocument } from '../store/documents';
import type { Store } from '../store/connect';
import type { SeriesActivities, SeriesCampaign } from './contract';
import { madeCampaign } from './made-campaign';
import type { Notifier } from './notify';

export interface SeriesDependencies {
  store: Pick<Store, 'campaigns'>;
  senders: Senders;
  settle: SettleLimits;
  notifier: Notifier;
}

/** Still active: the next firing would overlap it. A campaign that only awaits receipts sends nothing more. */
const GOING_ON = ['scheduled', 'preparing', 'running', 'paused'] as const;
const ID_LENGTH = 12;

export function createSeriesActivities({ store, senders, settle, notifier }: SeriesDependencies): SeriesActivities {
  const capAll = (campaign: CampaignDocument): number => campaignCap(campaign, (sender) => capOf(sender, senders));

  const madeOf = (campaign: CampaignDocument, createdBy: string, timezone: string): SeriesCampaign => {
    const { lateStart } = campaign.spec;
    return { ...madeCampaign(campaign, { senders, settle, timezone, createdBy }), ...(lateStart && { lateStart }) };
  };

  return {
    tellLeftOut: (leftOut) => notifier.seriesLeftOut(leftOut),

    async createFromSeries({ seriesId, name, campaignId: originalId, overlap, timezone, by, byName, at }) {
      const _id = idOf(seriesId, at);
      const present = await store.campaigns.find(_id);
      if (present) return madeOf(present, byName, timezone);
      const original = await store.campaigns.find(originalId);
      if (!original) {
        const message = `series ${seriesId}: campaign ${originalId}, which it repeats, is not in the database`;
        throw ApplicationFailure.nonRetryable(message, 'CampaignMissing');
      }
      const earlier = overlap === 'skip' ? await store.campaigns.ofSeries(seriesId, GOING_ON) : undefined;
      if (earlier) return { skippedFor: earlier._id };

      const { template, sender, senders: several, variants } = original;
      const now = new Date();
      const spec = repeated(original.spec);
      const start = new Date(Math.max(at, now.getTime()));
      if (!linkLasts(spec, template, start, capAll(original))) return { leftOut: 'media_link' };
      const day = DateTime.fromMillis(at, { zone: timezone }).toFormat('dd.MM');
      const campaign: CampaignDocument = {
        _id,
        seriesId,
        spec: { ...spec, name: nameWithEnd(name, ` · ${day}`) },
        test: false,
        state: 'draft',
        stateChangedAt: now,
        template,
        sender,
        ...(variants && { variants }),
        ...chainAnew(original),
        ...(several && { senders: several.map(({ sender, share, templateId }) => ({ sender, share, templateId })) }),
        scheduledAt: new Date(at),
        createdBy: by,
        createdAt: now,
        watchers: [],
      };
      await store.campaigns.insert(campaign);
      return madeOf(campaign, byName, timezone);
    },
  };
}

/** Whether the media link lasts for a campaign that starts then; its people have not been counted yet. */
function linkLasts(spec: CampaignSpec, template: Template, start: Date, sendsPerSecond: number): boolean {
  const { mediaUrl, pace = {}, laterWaves } = spec;
  if (mediaUrl === undefined || !needsMedia(template)) return true;
  const seconds = sendingSeconds(0, pace, sendsPerSecond);
  const needed = mediaNeededUntil({ start, seconds, hours: hoursAsked(spec), laterWaves });
  return mediaLinkProblem(mediaUrl, needed) === undefined;
}

/** One campaign per firing, however often the activity is tried. */
function idOf(seriesId: string, at: number): string {
  const hash = createHash('sha256').update(`${seriesId}/${at}`).digest('hex');
  return hash.slice(0, ID_LENGTH);
}
