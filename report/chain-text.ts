/** A campaign with its follow-ups in words: the same figures in every form of the report. */
import { delayText } from '../config/spec-text';
import { translate } from '../config/i18n';
import { shorten } from '../config/text';
import type { FollowUpTo } from '../domain/story/follow-ups';
import type { ChainCounts, ChainReport } from './data';
import { sumText } from './outcome-text';
import type { Cell, Sheet } from './workbook';
import type { Words } from './words';

/** What they are and where they stand. */
export function chainTitle({ state, reason }: ChainReport, { t, language }: Words): string {
  const why = reason && 'why' in reason ? `, ${translate(language, `words.chainReasons.${reason.why}`)}` : '';
  return t('chain.title', { state: translate(language, `words.chainStates.${state}`) + why });
}

/** A line for the campaign and for each step, then everybody once and all messages. */
export function chainLines(chain: ChainReport, words: Words): string[] {
  const { t, time } = words;
  const { campaign, steps, people, messages, spent, dueAt, state } = chain;
  const next = steps.find((one) => !one.campaign);
  const stepLine = (one: ChainReport['steps'][number]): string => {
    const head = `${one.step}. ${stepName(one, words)}`;
    if (one.counts) return `${head}: ${figures(one.counts, words, one.to)}`;
    return one === next && dueAt && state === 'counting'
      ? `${head}: ${t('chain.due', { at: time(dueAt) })}`
      : `${head}: ${t('chain.notBegun')}`;
  };
  // Until a step has begun the campaign's own figures are all there is.
  if (!steps.some(({ counts }) => counts)) return steps.map(stepLine);
  const all = [...countTexts(messages, words), ...(spent ? [t('chain.spent', { sum: sumText(spent, words) })] : [])];
  return [
    `${t('chain.campaign')}: ${figures(campaign, words)}`,
    ...steps.map(stepLine),
    ...(people ? [`${t('chain.people')}: ${countTexts(people, words).join(', ')}`] : []),
    `${t('chain.messages')}: ${all.join(', ')}`,
  ];
}

const COUNTS = ['sent', 'delivered', 'read', 'replied', 'clicked'] as const;

function countTexts(counts: Partial<Record<(typeof COUNTS)[number], number>>, { t, number }: Words): string[] {
  return COUNTS.flatMap((name) => {
    const count = counts[name];
    return count === undefined ? [] : [t(`chain.${name}`, { n: number(count) })];
  });
}

/** Of a template's name: five steps fit into a message of Telegram. */
const NAME_CHARACTERS = 40;

function stepName({ afterMs, to, template }: ChainReport['steps'][number], { t, language }: Words): string {
  return t('chain.step', {
    ...{ template: shorten(template, NAME_CHARACTERS), after: delayText(afterMs, language) },
    to: translate(language, `words.followUpTo.${to}`),
  });
}

/** How many, who left before it and why, and what became of the rest. */
function figures(counts: ChainCounts, words: Words, to: FollowUpTo = 'not_read'): string {
  const { t, number } = words;
  const { people, left, skipped } = counts;
  const leavers = LEFT.flatMap((why) =>
    left[why] > 0 ? [t(`chain.left.${why === 'acted' ? `acted_${to}` : why}`, { n: number(left[why]) })] : [],
  );
  return [
    t('chain.of', { n: number(people) }),
    ...(leavers.length > 0 ? [t('chain.leavers', { leavers: leavers.join(', ') })] : []),
    ...(skipped > 0 ? [t('chain.skipped', { n: number(skipped) })] : []),
    ...countTexts(counts, words),
  ].join(', ');
}

const LEFT = ['acted', 'replied', 'leadMoved'] as const;

/** What each step came to, for the picture: sent, delivered, read, replied. */
export function chainRows(chain: ChainReport, words: Words): { label: string; figures: string[] }[] {
  const { t, number } = words;
  type Pictured = Record<(typeof PICTURED)[number], number>;
  const row = (label: string, counts: Partial<Pictured>): { label: string; figures: string[] } => ({
    label,
    figures: PICTURED.map((name) => (counts[name] === undefined ? '' : number(counts[name]))),
  });
  return [
    row(t('chain.campaign'), chain.campaign),
    ...chain.steps.flatMap(({ step, template, counts }) => (counts ? [row(`${step}. ${template}`, counts)] : [])),
    ...(chain.people ? [row(t('chain.people'), chain.people)] : []),
  ];
}

const PICTURED = ['sent', 'delivered', 'read', 'replied'] as const;

const COLUMNS = {
  ...{ step: 10, template: 26, after: 14, to: 26, id: 14, state: 16, people: 10 },
  ...{ leftActed: 14, leftReplied: 12, leftLead: 16, skipped: 12 },
  ...{ sent: 12, delivered: 12, read: 12, replied: 12, clicked: 16, spentFrom: 14, spentTo: 14 },
};

/** A row for the campaign and each step, then everybody once and all messages. */
export function chainSheet(chain: ChainReport, own: { id: string; template: string }, words: Words): Sheet {
  const { t, language, word } = words;
  const counted = ({ people, left, skipped, spent, ...counts }: ChainCounts): Cell[] => [
    ...[people, left.acted, left.replied, left.leadMoved, skipped],
    ...COUNTS.map((name) => counts[name]),
    ...dollars(spent),
  ];
  const dollars = (spent: ChainCounts['spent']): Cell[] =>
    spent ? [{ dollars: spent.from }, { dollars: spent.to }] : [];
  const blank = (count: number): Cell[] => Array.from({ length: count }, () => undefined);
  const { campaign, steps, people, messages, spent } = chain;
  return {
    name: t('xlsx.followUps'),
    headings: Object.keys(COLUMNS).map((column) => t(`chain.columns.${column}`)),
    widths: Object.values(COLUMNS),
    rows: () => [
      [t('chain.campaign'), own.template, undefined, undefined, own.id, undefined, ...counted(campaign)],
      ...steps.map(({ step, template, afterMs, to, campaign: made, counts }): Cell[] => [
        ...[String(step), template, delayText(afterMs, language), translate(language, `words.followUpTo.${to}`)],
        ...(made ? [made.id, word('campaignStates', made.state)] : [undefined, t('chain.notBegun')]),
        ...(counts ? counted(counts) : []),
      ]),
      ...(people ? [[{ label: t('chain.people') }, ...blank(10), ...COUNTS.map((name) => people[name])]] : []),
      [
        { label: t('chain.messages') },
        ...blank(10),
        ...[messages.sent, messages.delivered, messages.read, messages.replied, undefined],
        ...dollars(spent),
      ],
    ],
  };
}
