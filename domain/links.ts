/** Tracked links of a campaign: which of its parameters are one, where each leads, and what is added to that address. */
import type { ParameterSource } from './audience';
import type { CampaignSpec } from './campaign-spec';
import type { LinkPlace } from './link-code';
import type { Template, TemplateParameter } from './templates/template';
import { letterOf } from './variants';

const MOST_CHARACTERS = 2_000;

/** Whether a link may lead there: a whole https address of somebody, without a user's name in it. */
export function isLinkTarget(value: string): boolean {
  const url = value.length <= MOST_CHARACTERS && URL.canParse(value) ? new URL(value) : undefined;
  return url?.protocol === 'https:' && url.username === '' && url.password === '' && url.hostname.includes('.');
}

/** Whether one of them is a tracked link. */
export function hasTrackedLink(parameters: readonly ParameterSource[]): boolean {
  return parameters.some(({ kind }) => kind === 'link');
}

type WithLinks = Pick<CampaignSpec, 'parameters' | 'variants'>;

/** The parameters of each variant, the campaign's own template first. */
function parametersOf({ parameters, variants = [] }: WithLinks): ParameterSource[][] {
  return [parameters, ...variants.map((variant) => variant.parameters)];
}

/** The positions (from 1) that are links, by variant; undefined when there are none. */
export function linkPositions(spec: WithLinks): number[][] | undefined {
  const positions = parametersOf(spec).map((parameters) =>
    parameters.flatMap(({ kind }, index) => (kind === 'link' ? [index + 1] : [])),
  );
  return positions.some((some) => some.length > 0) ? positions : undefined;
}

/**
 * Where a link of the campaign leads: the target that the campaign was made with, with `utm_source`, `utm_campaign` and,
 * where there are variants, `utm_content`, unless it has its own. Undefined when that parameter is no link.
 */
export function linkTarget(
  spec: WithLinks & Pick<CampaignSpec, 'name'>,
  { variant, position }: Pick<LinkPlace, 'variant' | 'position'>,
): string | undefined {
  const source = parametersOf(spec)[variant]?.[position - 1];
  if (source?.kind !== 'link' || !isLinkTarget(source.target)) return undefined;
  const url = new URL(source.target);
  const added = {
    utm_source: 'whatsapp',
    utm_campaign: slugOf(spec.name),
    ...(spec.variants && { utm_content: letterOf(variant) }),
  };
  for (const [name, value] of Object.entries(added)) if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  return url.href;
}

/** Whether the parameter is the whole end of a button's address under `linksUrl`, which has no slash at its end. */
export function isTrackedPlace(
  { buttons }: Pick<Template, 'buttons'>,
  { place, variable, button }: Pick<TemplateParameter, 'place' | 'variable' | 'button'>,
  linksUrl: string,
): boolean {
  if (place !== 'url_suffix') return false;
  const bare = (value = ''): string => value.replace(/\s/g, '');
  return buttons.some(({ text, url }) => text === button && bare(url) === `${linksUrl}/${bare(variable)}`);
}

/** `Осень 2026: −20 %` → `осень-2026-20`. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
}
