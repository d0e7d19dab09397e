/** A campaign's variants as text: what each came to, who leads, and what a test of them was for. */
import { translate } from '../config/i18n';
import { letterOf } from '../domain/variants';
import { measureOf } from '../domain/winner';
import type { ReportData, VariantLine } from './data';
import type { Words } from './words';

/** A line for each. */
export function variantFigures({ byVariant = [] }: Pick<ReportData, 'byVariant'>, { t, number }: Words): string[] {
  return byVariant.map(({ key, tried, ledger: { delivered, read }, replied, clicked }) => {
    const figures: [string, number | undefined][] = [
      [t('short.tried'), tried],
      [t('short.delivered'), delivered + read],
      [t('short.read'), read],
      [t('short.replied'), replied],
      [t('clicked'), clicked],
    ];
    const said = figures.flatMap(([label, count]) =>
      count === undefined ? [] : [`${label.toLowerCase()} ${number(count)}`],
    );
    return `${key}: ${said.join(', ')}`;
  });
}

/** A sentence for each measure: who leads, by how many points, and what chance has to do with it. */
export function leadTexts(
  { byVariant = [], leads = [] }: Pick<ReportData, 'byVariant' | 'leads'>,
  { t, number }: Words,
): string[] {
  if (byVariant.length === 0) return [];
  if (leads.length === 0) return [t('variantLead.none')];
  const points = (share: number): string => number(share * 100, 1);
  return leads.map(({ measure, best, next, difference, from, to, mayBeChance }) =>
    t(`variantLead.${mayBeChance ? 'perhaps' : 'surely'}`, {
      measure: t(`variantLead.${measure}`),
      best: byVariant[best]!.key,
      next: byVariant[next]!.key,
      difference: points(difference),
      from: points(from),
      to: points(to),
    }),
  );
}

/** What a test of variants came to: its figures, and which went to the rest. */
export function winnerTexts({ winner, byVariant = [], campaign }: ReportData, words: Words): string[] {
  const rule = campaign.options.winner;
  if (!winner || !rule) return [];
  const { t } = words;
  const { judged, settled, test } = winner;
  const measure = measureOf(rule.by, byVariant.some(countsClicks));
  const counts = judged?.parts.map((part, at) => t('winner.part', { variant: letterOf(at), ...part })).join(', ');
  const figures = counts && [
    t('winner.test', { people: test, by: translate(words.language, `words.options.winner.by.${measure}`), counts }),
    ...(judged?.mayBeChance ? [t('winner.chance')] : []),
  ];
  const variant = settled ? (byVariant[settled.variant]?.key ?? letterOf(settled.variant)) : '';
  const end = !settled
    ? t('winner.open')
    : settled.by === undefined
      ? t('winner.figures', { variant })
      : t('winner.chosen', { variant, who: whoOf(settled.by, words) });
  return [[...(figures ?? []), end].join(' ')];
}

/** `by`: as a command's author stands in the database. */
function whoOf(by: string, { t }: Words): string {
  const [kind = '', id = ''] = by.split(':');
  return t(`by.${kind}`, { id });
}

const countsClicks = ({ clicked }: VariantLine): boolean => clicked !== undefined;
