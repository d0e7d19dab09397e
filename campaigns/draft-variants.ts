/** The further templates of a draft with variants: found at each sender, and what is wrong with them. */
import { type Refusal, refused } from '../config/errors';
import type { CampaignVariant } from '../domain/campaign-variants';
import { isSameTemplate } from '../domain/templates/present-template';
import { parametersOf, type Template } from '../domain/templates/template';
import type { Catalogue } from './catalogue';
import type { CampaignDraft } from './contract';
import { linkProblems, parametersProblems, templateProblems, type LinkDependencies } from './draft-problems';
import { templateCopies } from './draft-senders';
import { type MediaLinkDependencies, mediaLinkRefusal, uploadedElsewhere } from './media';

interface VariantDependencies extends MediaLinkDependencies, LinkDependencies {
  catalogue: Catalogue;
  sender: string;
  /** Further senders. */
  alsoFrom: readonly string[];
}

/** In the spec's order; `template` is the campaign's own. Every problem blocks; with one, variants may be missing. */
export async function draftVariants(
  draft: CampaignDraft,
  template: Template,
  dependencies: VariantDependencies,
): Promise<{ variants: CampaignVariant[]; problems: Refusal[] }> {
  const { catalogue, sender, alsoFrom } = dependencies;
  const variants: CampaignVariant[] = [];
  const problems: Refusal[] = [];
  for (const asked of draft.variants ?? []) {
    const found = await catalogue.template(asked.template, sender);
    if (!found.ok) {
      problems.push(found.refusal);
      continue;
    }
    const own = found.value;
    const mediaUrl = asked.mediaUrl ?? draft.mediaUrl;
    const others = await templateCopies(own, alsoFrom, catalogue, { refresh: false });
    const elsewhere = uploadedElsewhere(mediaUrl, [sender, ...alsoFrom]);
    const link = mediaLinkRefusal(
      { template: own, hours: 'any', ...(mediaUrl !== undefined && { mediaUrl }) },
      { start: new Date() },
      dependencies,
    );
    problems.push(
      ...comparisonProblems(own, [template, ...variants.map((one) => one.template)]),
      ...templateProblems({ ...(mediaUrl !== undefined && { mediaUrl }) }, own),
      ...parameterProblems(asked.parameters, own),
      ...linkProblems(asked.parameters, own, dependencies),
      ...others.problems,
      ...[elsewhere, link].filter((one) => one !== undefined),
    );
    variants.push({ template: own, copies: [{ sender, templateId: own.id }, ...others.copies] });
  }
  return { variants, problems };
}

/** Two templates that are one tell nothing; a different category has other prices and reaches other people. */
function comparisonProblems(own: Template, before: readonly Template[]): Refusal[] {
  const [first] = before;
  const { name, category } = own;
  return [
    ...(before.some((one) => isSameTemplate(one, own)) ? [refused('variants_alike', { template: name }).refusal] : []),
    ...(first && first.category !== category
      ? [refused('variant_category', { template: name, category, first: first.name, expected: first.category }).refusal]
      : []),
  ];
}

/** A count that differs is told with the template: each has its own. */
function parameterProblems(parameters: CampaignDraft['parameters'], own: Template): Refusal[] {
  const [expected, got] = [parametersOf(own).length, parameters.length];
  return expected === got
    ? parametersProblems(parameters, own)
    : [refused('variant_parameters', { template: own.name, expected, got }).refusal];
}
