/** What is checked before a campaign may start (design §6): the draft itself, and everybody in its audience. */
import type { CountryCode } from 'libphonenumber-js';
import { createExclusions, type ContactRules } from '../audience/exclusions';
import { createOpeningHours } from '../audience/hours';
import { planAudience } from '../audience/plan';
import { openAudience, openExcluded, type AudienceServices } from '../audience/sources';
import { done, type Refusal, type Result } from '../config/errors';
import type { SkipReason } from '../domain/delivery';
import { UNLIMITED } from '../domain/messaging-limit';
import { maskPhone } from '../domain/phone';
import type { SendingHours } from '../domain/sending-hours';
import { fillTemplate, needsMedia, type Template } from '../domain/template';
import type { Store } from '../store/connect';
import { audienceProblems, knownColumns } from './audience';
import { vendorCall, type Catalogue } from './catalogue';
import type { CampaignDraft, Preflight } from './contract';
import { hoursOf, hoursRefusal } from './hours';
import { parametersProblems } from './parameters';

export interface PreflightDependencies {
  store: Pick<Store, 'campaigns' | 'lists' | 'messaging' | 'suppressions' | 'contacts' | 'sent'>;
  catalogue: Catalogue;
  audience: AudienceServices;
  sendsPerSecond: number;
  country: CountryCode;
  /** Which day a moment in a column falls on; default UTC. */
  timezone?: string;
  contactRules: ContactRules;
  /** Sending hours of campaigns that name none. */
  hours: SendingHours | undefined;
}

const EXAMPLES_A_REASON = 3;
const SAMPLES = 3;

/** Refuses what no audience could mend: template, parameters, media link, rate, a list or stage that is not there. */
export async function checkDraft(draft: CampaignDraft, dependencies: PreflightDependencies): Promise<Result<Template>> {
  const found = await dependencies.catalogue.template(draft.template);
  if (!found.ok) return found;
  const [problem] = [...problemsOf(draft, found.value), ...(await audienceRefusals(draft, dependencies))];
  return problem ? { ok: false, refusal: problem } : found;
}

/** Reads the whole audience as the campaign would, without storing anything. */
export async function preflight(draft: CampaignDraft, dependencies: PreflightDependencies): Promise<Result<Preflight>> {
  const { store, catalogue, audience, sendsPerSecond, country, contactRules } = dependencies;
  const found = await catalogue.template(draft.template);
  if (!found.ok) return found;
  const template = found.value;
  const hours = hoursOf(draft, dependencies.hours);
  const report: Preflight = {
    template,
    total: 0,
    sendable: 0,
    skips: {},
    skipExamples: [],
    samples: [],
    blocking: [...problemsOf(draft, template), ...(await audienceRefusals(draft, dependencies))],
    secondsToSend: 0,
    ...(hours && { hours }),
  };
  if (report.blocking.length > 0) return done(report);

  const skip = (reason: SkipReason, origin: string, value: string): void => {
    const count = (report.skips[reason] ?? 0) + 1;
    report.skips[reason] = count;
    if (count <= EXAMPLES_A_REASON) report.skipExamples.push({ reason, origin, value });
  };
  const exclusions = createExclusions(store, contactRules);
  const opening = createOpeningHours();
  const plan = planAudience(openAudience(draft.audience, audience), {
    without: openExcluded(draft.audience, audience),
    template,
    parameters: draft.parameters,
    country,
    ...(dependencies.timezone && { timezone: dependencies.timezone }),
    excluded: async (phones) =>
      new Map([
        ...opening.neverOpen(hours, phones, new Date()),
        ...(await exclusions.among(phones, template.category)),
      ]),
  });
  const read = await vendorCall(async () => {
    for await (const batch of plan) {
      for (const planned of batch) {
        report.total++;
        if (planned.state === 'skipped') {
          skip(planned.reason, planned.origin, planned.detail ?? planned.original ?? '');
          continue;
        }
        report.sendable++;
        if (report.samples.length < SAMPLES) {
          const message = fillTemplate(template, planned.params, draft.mediaUrl);
          report.samples.push({
            ...(planned.name && { name: planned.name }),
            phone: maskPhone(planned.phone),
            message,
          });
        }
      }
    }
  });
  if (!read.ok) return read;
  if (report.sendable === 0) report.blocking.push({ code: 'audience_empty', values: {} });
  const limit = await store.messaging.limit();
  if (limit !== UNLIMITED) {
    const { used } = await store.messaging.count(limit);
    report.messagingRoom = { limit, left: Math.max(0, limit - used) };
  }
  const perSecond = Math.min(draft.ratePerSecond ?? sendsPerSecond, sendsPerSecond);
  report.secondsToSend = Math.max(report.sendable / perSecond, (draft.spreadMs ?? 0) / 1000);
  return done(report);
}

function problemsOf(draft: CampaignDraft, template: Template): Refusal[] {
  const problems: Refusal[] = [];
  const add = (code: Refusal['code'], values: Refusal['values']): void => void problems.push({ code, values });

  if (draft.name.trim() === '') add('campaign_name_missing', {});
  if (template.status !== 'APPROVED') {
    add('template_not_approved', { template: template.name, status: template.status, reason: template.reason ?? '' });
  }
  problems.push(...parametersProblems(draft.parameters, template));
  if (needsMedia(template) && !draft.mediaUrl) {
    add('template_needs_media', { template: template.name, type: template.header!.type });
  }
  if (draft.mediaUrl !== undefined && !isHttps(draft.mediaUrl)) add('media_link_invalid', { value: draft.mediaUrl });
  if (draft.ratePerSecond !== undefined && !(draft.ratePerSecond > 0))
    add('rate_invalid', { value: draft.ratePerSecond });
  if (draft.spreadMs !== undefined && !(draft.spreadMs > 0)) add('spread_invalid', { value: draft.spreadMs });
  const hours = draft.hours && draft.hours !== 'any' ? hoursRefusal(draft.hours) : undefined;
  if (hours) problems.push(hours);
  return problems;
}

/** What is wrong with the audience, or with the parameters that are to come from it. */
async function audienceRefusals(draft: CampaignDraft, dependencies: PreflightDependencies): Promise<Refusal[]> {
  const problems = await audienceProblems(draft.audience, dependencies);
  if (problems.length > 0) return problems;
  const columns = await knownColumns(draft.audience, dependencies.store);
  if (!columns) return [];
  const known = new Set(columns.map((column) => column.trim().toLowerCase()));
  return draft.parameters.flatMap((parameter): Refusal[] =>
    parameter.kind === 'column' && !known.has(parameter.column.trim().toLowerCase())
      ? [{ code: 'column_unknown', values: { column: parameter.column, columns: columns.join(', ') } }]
      : [],
  );
}

function isHttps(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === 'https:';
}
