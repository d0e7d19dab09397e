/** Alerts about a template: its status, its quality, its category. */
import { translate, type Language } from '../../config/i18n';
import { countryText, moneySpanText } from '../../config/formats';
import { escapeHtml } from '../../config/text';
import { estimateCost, type PriceTable } from '../../domain/cost';
import { TEMPLATE_CATEGORIES, type TemplateCategory } from '../../domain/templates/template';
import type { AlertData } from '../../store/alerts';
import type { CampaignDocument } from '../../store/documents';
import type { AlertMessage } from './message';
import type { Concerned } from './concerned';

/** Those with a text of their own; a paused one works again by itself, the others do not. */
const TOLD = ['PAUSED', 'REJECTED', 'DISABLED', 'DELETED', 'APPROVED'];

/** Undefined when the campaigns that it paused have said so themselves and no other needs to know. */
export function templateMessage(
  status: string,
  { name, reason }: AlertData['template'],
  concerned: Concerned,
): AlertMessage | undefined {
  const { paused, planned } = concerned;
  const isActive = status === 'APPROVED';
  // Of several senders, one that can send again goes on by itself.
  const because = paused.filter((one) => isByTemplate(one) && !(isActive && one.senders));
  if (isActive && because.length === 0 && planned.length === 0) return { write: (to) => ({ text: head(to) }) };
  if (!isActive && because.length > 0 && planned.length === 0) return undefined;

  function head(to: Language): string {
    const text = translate(to, `alerts.template.${TOLD.includes(status) ? status : 'other'}`, {
      name: escapeHtml(name),
      status: escapeHtml(status),
    });
    return reason && !isActive
      ? `${text}\n${translate(to, 'alerts.template.reason', { reason: escapeHtml(reason) })}`
      : text;
  }

  return {
    write: (to) => {
      const t = (key: string, campaigns: readonly CampaignDocument[] = []): string =>
        translate(to, `alerts.template.${key}`, { names: concerned.names(campaigns, to) });
      const lines = isActive
        ? because.length > 0
          ? [t('resumable', because), t('todo.resume')]
          : []
        : [
            ...(because.length > 0 ? [t('paused', because)] : []),
            ...(planned.length > 0 ? [t('planned', planned)] : []),
            ...(because.length > 0 ? [t(status === 'PAUSED' ? 'todo.wait' : 'todo.replace')] : []),
          ];
      return {
        text: [head(to), ...lines].join('\n\n'),
        buttons: concerned.buttons(isActive ? because : [...planned, ...because]),
      };
    },
  };
}

function isByTemplate({ stateReason }: CampaignDocument): boolean {
  return (
    stateReason !== undefined &&
    'error' in stateReason &&
    ['template_event', 'template_not_approved', '132015', '4005'].includes(stateReason.error.code)
  );
}

function isByQuality({ stateReason }: CampaignDocument): boolean {
  return stateReason !== undefined && 'error' in stateReason && stateReason.error.code === 'template_quality';
}

/** Undefined when the campaigns that it paused have said so and no other uses the template. */
export function qualityMessage(
  quality: string,
  { name }: AlertData['templateQuality'],
  concerned: Concerned,
): AlertMessage | undefined {
  const using = [...concerned.underWay, ...concerned.planned];
  // The campaigns that it paused have said so themselves.
  if (quality === 'RED' && using.length === 0 && concerned.paused.some(isByQuality)) return undefined;
  return {
    write: (to) => {
      const key = quality === 'RED' ? 'RED' : 'YELLOW';
      const parts = [
        translate(to, `alerts.quality.${key}`, { name: escapeHtml(name) }),
        ...(using.length > 0 ? [translate(to, 'alerts.quality.inUse', { names: concerned.names(using, to) })] : []),
        translate(to, 'alerts.quality.todo'),
      ];
      return { text: parts.join('\n\n'), buttons: concerned.buttons(using) };
    },
  };
}

const CATEGORIES = ['MARKETING', 'UTILITY', 'AUTHENTICATION'];

/** What a message of each category costs, in the countries that were sent to most. */
export interface CategoryPrices {
  countries: readonly string[];
  tables: readonly PriceTable[];
  /** ISO date. */
  day: string;
}

/** A thousand messages: a single one costs too little to be compared at a glance. */
const PRICED = 1_000;

/** `Russia: $8.00–64.00 before, $11.00–137.00 now`, a line a country; of those whose prices are not known none. */
function priceLines(
  { category, was }: AlertData['templateCategory'],
  { countries, tables, day }: CategoryPrices,
  to: Language,
): string[] {
  const [before, after] = [was, category].map((one) => TEMPLATE_CATEGORIES.find((known) => known === one));
  if (!before || !after) return [];
  const cost = (country: string, of: TemplateCategory): string | undefined => {
    const found = estimateCost(new Map([[country, PRICED]]), of, tables, day);
    return found && moneySpanText(found.from, found.to, found.currency, to);
  };
  return countries.flatMap((country) => {
    const [old, next] = [cost(country, before), cost(country, after)];
    if (old === undefined || next === undefined) return [];
    const values = { country: countryText(country, to), old, next };
    return [translate(to, 'alerts.category.price', values)];
  });
}

export function categoryMessage(change: AlertData['templateCategory'], prices: CategoryPrices): AlertMessage {
  const { name, category, announced } = change;
  return {
    write: (to) => {
      const word = CATEGORIES.includes(category) ? translate(to, `alerts.category.categories.${category}`) : category;
      const values = { name: escapeHtml(name), category: escapeHtml(word) };
      const lines = priceLines(change, prices, to);
      return {
        text: [
          translate(to, `alerts.category.${announced ? 'announced' : 'changed'}`, values),
          translate(to, `alerts.category.${category === 'MARKETING' ? 'MARKETING' : 'other'}`),
          ...(lines.length > 0 ? [[translate(to, 'alerts.category.prices'), ...lines].join('\n')] : []),
          translate(to, 'alerts.category.todo'),
        ].join('\n\n'),
      };
    },
  };
}
