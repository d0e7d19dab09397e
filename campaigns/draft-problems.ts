/** What is wrong with a draft itself, whoever is in its audience: template, parameters, media link, pace, hours. */
import type { Refusal } from '../config/errors';
import type { SendingHours } from '../domain/sending-hours';
import { isMediaLink, needsMedia, unsupportedPart, type Template } from '../domain/template';
import { audienceProblems, knownColumns, type AudienceCheckDependencies } from './audience';
import type { CampaignDraft } from './contract';
import { hoursOf, hoursRefusal } from './hours';
import { mediaLinkRefusal, type MediaLinkDependencies } from './media-link';
import { nameProblem } from './names';
import { parametersProblems } from './parameters';

export interface DraftDependencies extends AudienceCheckDependencies, MediaLinkDependencies {
  /** Sending hours of campaigns that name none. */
  hours: SendingHours | undefined;
}

/** All of it together; everything here blocks. */
export async function draftProblems(
  draft: CampaignDraft,
  template: Template,
  dependencies: DraftDependencies,
): Promise<Refusal[]> {
  const problems = problemsOf(draft, template);
  // How long the link is needed can be reckoned only of a draft that is right.
  const right = problems.length === 0;
  const { mediaUrl, ratePerSecond, spreadMs, laterWaves } = draft;
  const media = mediaLinkRefusal(
    {
      template,
      ...(mediaUrl !== undefined && { mediaUrl }),
      ...(right && ratePerSecond && { ratePerSecond }),
      ...(right && spreadMs && { spreadMs }),
      ...(right && { hours: hoursOf(draft, dependencies.hours) }),
      ...(right && laterWaves && { laterWaves }),
    },
    { start: new Date() },
    dependencies,
  );
  return [...problems, ...(media ? [media] : []), ...(await audienceRefusals(draft, dependencies))];
}

function problemsOf(draft: CampaignDraft, template: Template): Refusal[] {
  const problems: Refusal[] = [];
  const add = (code: Refusal['code'], values: Refusal['values']): void => void problems.push({ code, values });

  const name = nameProblem(draft.name);
  if (name) problems.push(name);
  if (template.status !== 'APPROVED') {
    add('template_not_approved', { template: template.name, status: template.status, reason: template.reason ?? '' });
  }
  const type = unsupportedPart(template);
  if (type !== undefined) add('template_unsupported', { template: template.name, type });
  problems.push(...parametersProblems(draft.parameters, template));
  if (needsMedia(template) && !draft.mediaUrl) {
    add('template_needs_media', { template: template.name, type: template.header!.type });
  }
  if (draft.mediaUrl !== undefined && !isMediaLink(draft.mediaUrl))
    add('media_link_invalid', { value: draft.mediaUrl });
  if (draft.ratePerSecond !== undefined && !(draft.ratePerSecond > 0))
    add('rate_invalid', { value: draft.ratePerSecond });
  if (draft.spreadMs !== undefined && !(draft.spreadMs > 0)) add('spread_invalid', { value: draft.spreadMs });
  const hours = draft.hours && draft.hours !== 'any' ? hoursRefusal(draft.hours) : undefined;
  if (hours) problems.push(hours);
  return problems;
}

/** What is wrong with the audience, or with the parameters that are to come from it. */
async function audienceRefusals(draft: CampaignDraft, dependencies: AudienceCheckDependencies): Promise<Refusal[]> {
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
