/** The follow-ups of a draft: each step's template found at each sender, and what is wrong with it. */
import { type Refusal, refused } from '../config/errors';
import type { CampaignSpec } from '../domain/campaign-spec';
import { followUpColumns, type ChainStep, type FollowUp } from '../domain/follow-ups';
import { hasTrackedLink } from '../domain/links';
import { parametersOf, type Template } from '../domain/templates/template';
import type { Catalogue } from './catalogue';
import { linkProblems, parametersProblems, templateProblems, type LinkDependencies } from './draft-problems';
import { templateCopies } from './draft-senders';
import { type HoursByDefault, hoursOf } from './hours';
import { type MediaLinkDependencies, mediaLinkRefusal, uploadedElsewhere } from './media';

export interface FollowUpDependencies extends MediaLinkDependencies, LinkDependencies, HoursByDefault {
  catalogue: Catalogue;
  sender: string;
  /** Further senders. */
  alsoFrom: readonly string[];
}

/** What a step builds on: the campaign's own message, and how many parameters it has. */
type Before = Pick<CampaignSpec, 'parameters' | 'variants' | 'hours'> & { test?: boolean };

/** The steps as they are to be stored, in order. Every problem blocks; with one, steps may be missing. */
export async function draftFollowUps(
  draft: Before & Pick<CampaignSpec, 'followUps'>,
  dependencies: FollowUpDependencies,
): Promise<{ steps: ChainStep[]; problems: Refusal[] }> {
  const steps: ChainStep[] = [];
  const problems: Refusal[] = [];
  let atMs = Date.now();
  for (const [index, asked] of (draft.followUps ?? []).entries()) {
    atMs += asked.afterMs;
    const step = await checkedStep(
      { asked, at: new Date(atMs), before: (draft.followUps ?? []).slice(0, index) },
      draft,
      dependencies,
    );
    problems.push(...step.problems);
    if (step.step) steps.push(step.step);
  }
  return { steps, problems };
}

/** One step. `at`: when it comes at the earliest; `before`: the steps before it. */
export async function checkedStep(
  { asked, at, before }: { asked: FollowUp; at: Date; before: readonly FollowUp[] },
  draft: Before,
  dependencies: FollowUpDependencies,
): Promise<{ step?: ChainStep; problems: Refusal[] }> {
  const { catalogue, sender, alsoFrom } = dependencies;
  const found = await catalogue.template(asked.template, sender);
  if (!found.ok) return { problems: [found.refusal] };
  const content = found.value;
  const { mediaUrl, parameters } = asked;
  const others = await templateCopies(content, alsoFrom, catalogue, { refresh: false });
  const hours = hoursOf(draft, dependencies, content.category) ?? 'any';
  const media = mediaLinkRefusal(
    { template: content, hours, ...(mediaUrl !== undefined && { mediaUrl }) },
    { start: at },
    dependencies,
  );
  const problems = [
    ...templateProblems({ ...(mediaUrl !== undefined && { mediaUrl }) }, content),
    ...stepParameters(asked, content),
    ...columnProblems(asked, draft),
    ...linkProblems(parameters, content, dependencies),
    ...others.problems,
    ...[uploadedElsewhere(mediaUrl, [sender, ...alsoFrom]), media].filter((one) => one !== undefined),
    ...clickProblems(asked, draft, before),
  ];
  const copies = [{ sender, templateId: content.id }, ...others.copies];
  return { step: { ...asked, content, copies, hours }, problems };
}

/** A count that differs is told with the template: each has its own. */
function stepParameters({ parameters }: FollowUp, content: Template): Refusal[] {
  const [expected, got] = [parametersOf(content).length, parameters.length];
  return expected === got
    ? parametersProblems(parameters, content)
    : [refused('follow_up_parameters', { template: content.name, expected, got }).refusal];
}

function columnProblems({ parameters }: FollowUp, draft: Before): Refusal[] {
  const columns = followUpColumns(draft);
  return parameters.flatMap((parameter) =>
    parameter.kind === 'column' && !columns.includes(parameter.column.trim().toLowerCase())
      ? [refused('column_unknown', { column: parameter.column, columns: columns.join(', ') }).refusal]
      : [],
  );
}

/** Whoever has no link to press would always be among those who have not. */
function clickProblems({ to, template }: FollowUp, draft: Before, before: readonly FollowUp[]): Refusal[] {
  if (to !== 'not_clicked') return [];
  const messages = [draft, ...(draft.variants ?? []), ...before];
  return messages.some(({ parameters }) => hasTrackedLink(parameters))
    ? []
    : [refused('follow_up_no_links', { template }).refusal];
}
