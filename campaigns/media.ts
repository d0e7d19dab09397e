/** What preflight says about the media link of a draft: whether its file fits, whose it is, and when its signature ends. */
import { DateTime } from 'luxon';
import { createPlanner, type PlannerDependencies, toPlan } from '../audience/planner';
import type { FileProblem, MediaChecker } from '../clients/media';
import type { Refusal, RefusalCode } from '../config/errors';
import type { CampaignOptions } from '../domain/campaign-spec';
import { paceNow } from '../domain/story/pace';
import { mediaLinkEnds, mediaLinkProblem, type MediaLinkProblem } from '../domain/templates/media-link';
import { type MediaType, readUploadedMedia } from '../domain/templates/uploaded-media';
import { mediaNeededUntil } from '../domain/templates/media-needed';
import { cardMediaOf, needsMedia, type Template } from '../domain/templates/template';
import { sendingSeconds } from '../domain/times/finish';
import { hoursAsked } from '../domain/times/sending-hours';
import type { CampaignDocument } from '../store/documents';
import { vendorCall } from './catalogue';

const MEGABYTE = 1024 * 1024;

/**
 * A problem blocks the campaign; a warning only says that the check was impossible. Undefined when the file is
 * suitable.
 */
export async function mediaRefusal(
  link: string,
  type: MediaType,
  checker: MediaChecker,
): Promise<{ problem?: Refusal; warning?: Refusal }> {
  const uploaded = readUploadedMedia(link);
  // Looked at when it was uploaded, perhaps for another template.
  if (uploaded) {
    const fits = uploaded.type === type;
    const problem = { kind: 'wrong_type', expected: type, got: uploaded.type } as const;
    return fits ? {} : { problem: refusalOfFile(problem, uploaded.name) };
  }
  const verdict = await checker.check(link, type);
  const value = withoutQuery(link);
  switch (verdict.kind) {
    case 'fits':
      return {};
    case 'not_public':
      return { problem: { code: 'media_link_invalid', values: { value } } };
    case 'refused':
      return { problem: { code: 'media_refused', values: { value, status: verdict.status } } };
    case 'wrong_type':
    case 'too_large':
      return { problem: refusalOfFile(verdict, value) };
    case 'unknown':
      return { warning: { code: 'media_not_checked', values: { value, detail: verdict.detail } } };
  }
}

/** `value`: the file's name or address. */
export function refusalOfFile(problem: FileProblem, value: string): Refusal {
  if (problem.kind === 'wrong_type') {
    return { code: 'media_wrong_type', values: { value, expected: problem.expected, got: problem.got } };
  }
  const megabytes = Math.ceil((problem.bytes / MEGABYTE) * 10) / 10;
  return { code: 'media_too_large', values: { megabytes, limit: problem.limit / MEGABYTE } };
}

/** An uploaded file can be sent only by the app that took it; undefined when it is the sender of all. */
export function uploadedElsewhere(mediaUrl: string | undefined, apps: readonly string[]): Refusal | undefined {
  const uploaded = mediaUrl === undefined ? undefined : readUploadedMedia(mediaUrl);
  const other = uploaded && apps.find((app) => app !== uploaded.app);
  return other === undefined
    ? undefined
    : { code: 'media_of_other_sender', values: { name: uploaded!.name, app: uploaded!.app, sender: other } };
}

/** Anything after `?` may be a signature. */
function withoutQuery(link: string): string {
  return link.replace(/\?.*$/s, '');
}

/** The parts of a campaign that determine how long its link is needed. */
interface WithMedia extends Pick<CampaignOptions, 'mediaUrl' | 'pace' | 'hours' | 'laterWaves'> {
  template: Template;
}

export interface MediaLinkDependencies {
  /** The sender's cap in messages per second; needed only when people are counted. */
  sendsPerSecond?: number;
  /** IANA zone of the times shown; default UTC. */
  timezone?: string;
}

const CODES = {
  of_meta: 'media_link_of_meta',
  received: 'media_link_received',
  temporary: 'media_link_temporary',
} satisfies Record<Exclude<MediaLinkProblem['kind'], 'expires'>, RefusalCode>;

/**
 * Why the link cannot serve a campaign that starts at `start` with this many people (default: not counted); undefined
 * for a template without media. Of a carousel each card's counts.
 */
export function mediaLinkRefusal(
  campaign: WithMedia,
  { start, people = 0 }: { start: Date; people?: number },
  { sendsPerSecond = Infinity, timezone = 'UTC' }: MediaLinkDependencies,
): Refusal | undefined {
  const { template, mediaUrl, pace = {}, laterWaves } = campaign;
  const links = cardMediaOf(template)?.links ?? (mediaUrl !== undefined && needsMedia(template) ? [mediaUrl] : []);
  if (links.length === 0) return undefined;
  const seconds = sendingSeconds(people, pace, sendsPerSecond);
  const needed = mediaNeededUntil({ start, seconds, hours: hoursAsked(campaign), laterWaves });
  const [found] = links.flatMap((link) => {
    const problem = mediaLinkProblem(link, needed);
    return problem ? [{ link, problem }] : [];
  });
  if (!found) return undefined;
  const { link, problem } = found;
  if (problem.kind !== 'expires') return { code: CODES[problem.kind], values: { host: problem.host } };
  const shown = (moment: Date): string =>
    `${DateTime.fromJSDate(moment, { zone: timezone }).toFormat('yyyy-LL-dd HH:mm')} (${timezone})`;
  if (readUploadedMedia(link)) {
    return { code: 'media_upload_expires', values: { at: shown(problem.at), needed: shown(needed) } };
  }
  return problem.at <= new Date()
    ? { code: 'media_link_expired', values: { at: shown(problem.at) } }
    : { code: 'media_link_expires', values: { at: shown(problem.at), needed: shown(needed) } };
}

/** The parts of a stored campaign that determine how long its link is needed, with the pace in force. */
export function mediaOf(campaign: CampaignDocument): WithMedia {
  return { ...campaign.spec, template: campaign.template, pace: paceNow(campaign) };
}

/** The same for a campaign about to start; its audience is counted only if that matters. */
export async function mediaStartRefusal(
  campaign: CampaignDocument,
  start: Date,
  dependencies: MediaLinkDependencies & PlannerDependencies,
): Promise<Refusal | undefined> {
  const { mediaUrl } = campaign.spec;
  const media = mediaOf(campaign);
  const refusal = mediaLinkRefusal(media, { start }, dependencies);
  if (refusal || mediaUrl === undefined || !mediaLinkEnds(mediaUrl)) return refusal;
  let people = 0;
  const read = await vendorCall(async () => {
    for await (const batch of createPlanner(dependencies)(toPlan(campaign))) {
      people += batch.filter(({ state }) => state !== 'skipped').length;
    }
  });
  // An audience that cannot be read now will be reported when it is frozen.
  return read.ok ? mediaLinkRefusal(media, { start, people }, dependencies) : undefined;
}
