/** Checks a draft in one place: its spec by the schema, then against its template, its list or stage, and the clock. */
import { type Refusal, type RefusalCode, refusalOf, type RefusalValues, refused } from '../config/errors';
import type { ParameterSource } from '../domain/audience';
import { type CampaignSpec, specProblems } from '../domain/campaign-spec';
import {
  needsMedia,
  parameterProblem,
  parametersOf,
  type Template,
  unsupportedPart,
} from '../domain/templates/template';
import { isTrackedPlace } from '../domain/links';
import { type AudienceCheckDependencies, audienceProblems, knownColumns } from './audience';
import type { CampaignDraft } from './contract';
import { type HoursByDefault, hoursOf } from './hours';
import { type MediaLinkDependencies, mediaLinkRefusal } from './media';
import { winnerProblems } from './winner';

export type DraftDependencies = AudienceCheckDependencies & MediaLinkDependencies & HoursByDefault & LinkDependencies;

export interface LinkDependencies {
  /** The address of tracked links (LINKS_URL), without a slash at its end; absent = there are none. */
  linksUrl?: string;
}

/** All checks together; every problem here blocks. */
export async function draftProblems(
  draft: CampaignDraft,
  template: Template,
  dependencies: DraftDependencies,
): Promise<Refusal[]> {
  const { createdBy, test, single, ...spec } = draft;
  const shape = specProblems(spec).map(refusalOf);
  const problems = [...shape, ...templateProblems(draft, template)];
  if (shape.some(({ code }) => UNREADABLE.includes(code))) return problems;
  problems.push(
    ...parametersProblems(draft.parameters, template),
    ...linkProblems(draft.parameters, template, dependencies),
    ...winnerProblems(draft),
  );
  const { mediaUrl, pace, laterWaves } = draft;
  // How long the link is needed can be calculated only for a valid draft.
  const right = problems.length === 0;
  const hours = hoursOf(draft, dependencies, template.category) ?? 'any';
  const media = mediaLinkRefusal(
    {
      template,
      hours: right ? hours : 'any',
      ...(mediaUrl !== undefined && { mediaUrl }),
      ...(right && pace && { pace }),
      ...(right && laterWaves && { laterWaves }),
    },
    { start: new Date() },
    dependencies,
  );
  return [...problems, ...(media ? [media] : []), ...(await audienceRefusals(draft, dependencies))];
}

/** Nothing further can be checked about an audience with these errors. */
const UNREADABLE: Refusal['code'][] = ['audience_invalid', 'parameters_invalid'];

/** What is wrong with the template itself, or missing for its header. */
export function templateProblems({ mediaUrl }: Pick<CampaignSpec, 'mediaUrl'>, template: Template): Refusal[] {
  const problems: Refusal[] = [];
  const add = <C extends RefusalCode>(code: C, values: RefusalValues<C>): void =>
    void problems.push(refused(code, values).refusal);
  if (template.status !== 'APPROVED') {
    add('template_not_approved', { template: template.name, status: template.status, reason: template.reason ?? '' });
  }
  const type = unsupportedPart(template);
  if (type !== undefined) add('template_unsupported', { template: template.name, type });
  if (needsMedia(template) && !mediaUrl) {
    add('template_needs_media', { template: template.name, type: template.header!.type });
  }
  return problems;
}

/** Errors in the audience, or in the parameters filled from it. */
async function audienceRefusals(draft: CampaignDraft, dependencies: AudienceCheckDependencies): Promise<Refusal[]> {
  const problems = await audienceProblems(draft.audience, dependencies);
  if (problems.length > 0) return problems;
  const columns = await knownColumns(draft.audience, dependencies.store);
  if (!columns) return [];
  const known = new Set(columns.map((column) => column.trim().toLowerCase()));
  const parameters = [...draft.parameters, ...(draft.variants ?? []).flatMap((variant) => variant.parameters)];
  return parameters.flatMap((parameter): Refusal[] =>
    parameter.kind === 'column' && !known.has(parameter.column.trim().toLowerCase())
      ? [{ code: 'column_unknown', values: { column: parameter.column, columns: columns.join(', ') } }]
      : [],
  );
}

/** Errors that affect the parameters of every person. */
export function parametersProblems(parameters: readonly ParameterSource[], template: Template): Refusal[] {
  const places = parametersOf(template);
  const [expected, got] = [places.length, parameters.length];
  const count: Refusal[] =
    got === expected
      ? []
      : [{ code: got < expected ? 'parameters_too_few' : 'parameters_too_many', values: { expected, got } }];
  const texts = parameters.flatMap((parameter, index): Refusal[] => {
    if (parameter.kind !== 'text') return [];
    const problem = parameterProblem(parameter.value, places[index]?.place);
    return problem
      ? [{ code: 'parameter_invalid', values: { position: index + 1, value: parameter.value, problem } }]
      : [];
  });
  return [...count, ...texts];
}

/** A tracked link must be the whole end of a button's address on our own domain: only there do its clicks arrive. */
export function linkProblems(
  parameters: readonly ParameterSource[],
  template: Template,
  { linksUrl }: LinkDependencies,
): Refusal[] {
  const places = parametersOf(template);
  return parameters.flatMap(({ kind }, index): Refusal[] => {
    if (kind !== 'link') return [];
    if (linksUrl === undefined) return [refused('links_off', {}).refusal];
    const place = places[index];
    if (place && isTrackedPlace(template, place, linksUrl)) return [];
    const expected = `${linksUrl}/{{1}}`;
    return [refused('link_place', { position: index + 1, template: template.name, expected }).refusal];
  });
}
