/** Makes the campaign of one firing of a series, from the campaign that the series repeats. */
import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/activity';
import { DateTime } from 'luxon';
import { nameWithEnd } from '../domain/campaign-name';
import { DEFAULT_LATE_START } from '../domain/late-start';
import { withoutNumbers } from '../domain/number-like';
import { sendingSeconds } from '../domain/finish';
import { mediaLinkProblem } from '../domain/media-link';
import { mediaNeededUntil } from '../domain/media-needed';
import { rateUnder } from '../domain/pace';
import { needsMedia } from '../domain/template';
import type { SettleLimits } from '../domain/settling';
import type { CampaignDocument } from '../store/documents';
import type { Store } from '../store/connect';
import type { SeriesActivities, SeriesCampaign } from './contract';
import type { Notifier } from './notify';

export interface SeriesDependencies {
  store: Pick<Store, 'campaigns'>;
  /** The sender's cap, messages a second. */
  sendsPerSecond: number;
  settle: SettleLimits;
  notifier: Notifier;
}

/** Still going on: the next of its series would come on top of it. One that only awaits receipts sends no more. */
const GOING_ON = ['scheduled', 'preparing', 'running', 'paused'] as const;
const ID_LENGTH = 12;

export function createSeriesActivities({
  store,
  sendsPerSecond,
  settle,
  notifier,
}: SeriesDependencies): SeriesActivities {
  function madeOf(campaign: CampaignDocument, createdBy: string): SeriesCampaign {
    const { _id, sender, lateStart, name, audienceLabel, template } = campaign;
    return {
      campaignId: _id,
      sender,
      ratePerSecond: rateUnder(sendsPerSecond, campaign.ratePerSecond),
      settle,
      ...(lateStart && { lateStart }),
      facts: {
        name: withoutNumbers(name),
        audienceLabel: withoutNumbers(audienceLabel),
        template: { name: template.name, language: template.language, category: template.category },
        createdBy,
      },
    };
  }

  return {
    tellLeftOut: (leftOut) => notifier.seriesLeftOut(leftOut),

    async createFromSeries({ seriesId, name, campaignId: originalId, overlap, timezone, by, byName, at }) {
      const _id = idOf(seriesId, at);
      const present = await store.campaigns.find(_id);
      if (present) return madeOf(present, byName);
      const original = await store.campaigns.find(originalId);
      if (!original) {
        const message = `series ${seriesId}: campaign ${originalId}, which it repeats, is not in the store`;
        throw ApplicationFailure.nonRetryable(message, 'CampaignMissing');
      }
      const earlier = overlap === 'skip' ? await store.campaigns.ofSeries(seriesId, GOING_ON) : undefined;
      if (earlier) return { skippedFor: earlier._id };

      const { template, audience, audienceLabel, parameters, mediaUrl, sender, ratePerSecond, spreadMs, hours } =
        original;
      const now = new Date();
      if (!linkLasts(original, new Date(Math.max(at, now.getTime())), sendsPerSecond)) return { leftOut: 'media_link' };
      const campaign: CampaignDocument = {
        _id,
        seriesId,
        name: nameWithEnd(name, ` · ${DateTime.fromMillis(at, { zone: timezone }).toFormat('dd.MM')}`),
        test: false,
        state: 'draft',
        stateChangedAt: now,
        template,
        audience,
        audienceLabel,
        parameters,
        ...(mediaUrl && { mediaUrl }),
        sender,
        ...(ratePerSecond && { ratePerSecond }),
        ...(hours && { hours }),
        ...(spreadMs && { spreadMs }),
        ...(original.laterWaves && { laterWaves: { max: original.laterWaves.max } }),
        lateStart: original.lateStart ?? DEFAULT_LATE_START,
        scheduledAt: new Date(at),
        createdBy: by,
        createdAt: now,
        watchers: [],
      };
      await store.campaigns.insert(campaign);
      return madeOf(campaign, byName);
    },
  };
}

/** Whether the media link serves a campaign that starts then; its people are not counted yet. */
function linkLasts(original: CampaignDocument, start: Date, sendsPerSecond: number): boolean {
  const { template, mediaUrl, hours, laterWaves } = original;
  if (mediaUrl === undefined || !needsMedia(template)) return true;
  const needed = mediaNeededUntil({
    start,
    seconds: sendingSeconds(0, original, sendsPerSecond),
    hours,
    ...(laterWaves && { laterWaves: { max: laterWaves.max } }),
  });
  return mediaLinkProblem(mediaUrl, needed) === undefined;
}

/** One campaign a firing, however often the activity is tried. */
function idOf(seriesId: string, at: number): string {
  const hash = createHash('sha256').update(`${seriesId}/${at}`).digest('hex');
  return hash.slice(0, ID_LENGTH);
}
