/** One campaign's report as a Telegram message: running text instead of columns, because a phone is narrow. */
import type { Language } from '../config/i18n';
import { optionLines } from '../config/spec-text';
import { escapeHtml, shorten } from '../config/text';
import type { FunnelStep } from '../domain/delivery-funnel';
import { awaitingReceipt, reachedNobody } from '../domain/story/ledger';
import type { FailureLine, Outcome, RangeReportData, ReportData, ReportGroup, SkipLine } from './data';
import { explainTrouble, isDocumented, meaningOf } from './meaning';
import { asideTexts } from './aside';
import { rangeHeading } from './text';
import { createWords, type TextOptions, type Words } from './words';
import { chainLines, chainTitle } from './chain-text';
import { canaryLines } from './canary';
import { repliesText } from './replies-text';
import { leadTexts, variantFigures, winnerTexts } from './variant-text';
import { rangeResultsMessage } from './range-results-text';
import { resultsMessage } from './results-text';
import { costPerText, mayStillCost, sumText, wideNote, writeBackLines } from './outcome-text';

/** How many error codes and skip reasons are named; the CSV file has all. */
const SHOWN = 6;
/** Days are one short line each. */
const SHOWN_DAYS = 14;
/** Longest name or vendor's sentence quoted in full. Keeps the message below Telegram's 4,096 characters. */
const QUOTED = 100;
/** The same for an option, such as the note for colleagues. */
const OPTION_QUOTED = 200;

const SIGNS: Partial<Record<ReportData['campaign']['state'], string>> = {
  completed: '✅',
  cancelled: '🛑',
  failed: '⛔️',
};

/** A number and its sign stay on one line. */
const kept = (html: string): string => html.replace(/(\d) (?=%)/g, '$1\u00a0');

/** Telegram's HTML. It always fits into one message and contains no phone number. */
export function renderMessage(report: ReportData, options: TextOptions): string {
  const words = createWords(options);
  const sections = [
    title(report, words),
    counts(report, words),
    cost(report, words),
    resultsMessage(report.results, words),
    failures(report, words),
    skips(report, words),
    repliesPart(report, words),
    byVariant(report, words),
    byStep(report, words),
    bySender(report, words),
    writeBack(report, words),
    notes(report, words),
  ];
  return kept(sections.filter((section) => section !== '').join('\n\n'));
}

/** The same for several campaigns: the counts together, then by day, by template, and the largest campaigns. */
export function renderRangeMessage(report: RangeReportData, options: TextOptions): string {
  const words = createWords(options);
  const { t, date } = words;
  const { byDay, byTemplate, campaigns } = report;
  const largest = campaigns
    .toSorted((a, b) => b.tried - a.tried)
    .map(({ campaign, ledger, tried }) => ({ key: quoted(campaign.name), ledger, tried }));
  const dayOf = (group: ReportGroup): ReportGroup => ({ ...group, key: date(group.key) });
  const sections = [
    `📊 <b>${escapeHtml(rangeHeading(report, words))}</b>`,
    counts(report, words),
    cost(report, words),
    rangeResultsMessage(report.results, words),
    failures(report, words),
    skips(report, words),
    byDay.length > 1
      ? listed(
          `<b>${t('byDay')}</b>`,
          byDay.map(dayOf).map((group) => groupLine(group, words)),
          t,
          SHOWN_DAYS,
        )
      : '',
    byTemplate.length > 1
      ? listed(
          `<b>${t('byTemplate')}</b>`,
          byTemplate.map((group) => groupLine(group, words)),
          t,
        )
      : '',
    campaigns.length > 0
      ? listed(
          `<b>${t('campaigns')}</b>`,
          largest.map((group) => groupLine(group, words)),
          t,
        )
      : '',
  ];
  return kept(sections.filter((section) => section !== '').join('\n\n'));
}

function repliesPart(report: ReportData, words: Words): string {
  const said = repliesText(report, words);
  return said === undefined ? '' : `<b>${words.t('repliesLine.label')}</b>: ${said}`;
}

function byVariant(report: ReportData, words: Words): string {
  if (!report.byVariant) return '';
  const lines = [
    ...variantFigures(report, words).map((line) => `• ${line}`),
    ...leadTexts(report, words),
    ...winnerTexts(report, words),
  ];
  return [`<b>${words.t('byVariant')}</b>`, ...lines.map(escapeHtml)].join('\n');
}

function byStep({ chain }: ReportData, words: Words): string {
  if (!chain) return '';
  return [
    `<b>${escapeHtml(chainTitle(chain, words))}</b>`,
    ...chainLines(chain, words).map((line) => `• ${escapeHtml(line)}`),
  ].join('\n');
}

function bySender({ campaign, bySender: groups = [] }: ReportData, words: Words): string {
  const without = asideTexts(campaign, words.language).map(
    (text) => `• ${words.t('without')}: ${escapeHtml(quoted(text))}`,
  );
  if (groups.length + without.length === 0) return '';
  return listed(
    `<b>${words.t('bySender')}</b>`,
    [...without, ...groups.map((group) => groupLine(group, words))],
    words.t,
  );
}

function groupLine({ key, ledger, tried }: ReportGroup, { t, number }: Words): string {
  const counts = { sent: number(tried), delivered: number(ledger.delivered + ledger.read), read: number(ledger.read) };
  return `• ${escapeHtml(key)}: ${t('groupLine', counts)}`;
}

function signOf({ campaign: { state }, ledger }: ReportData): string {
  return state === 'completed' && reachedNobody(ledger) ? '❌' : (SIGNS[state] ?? '📄');
}

function title(report: ReportData, words: Words): string {
  const { campaign, durationSeconds, meanRatePerSecond } = report;
  const { t, word, time, number, duration } = words;
  const { name, template, language, audienceLabel, state, stateReason, startedAt, endedAt } = campaign;
  const error = stateReason && 'error' in stateReason ? stateReason.error : undefined;
  const pace = [
    ...(durationSeconds === undefined ? [] : [duration(durationSeconds)]),
    ...(meanRatePerSecond === undefined ? [] : [t('perSecond', { n: number(meanRatePerSecond, 1) })]),
  ];
  return [
    `${signOf(report)} <b>${t('title', { name: escapeHtml(quoted(name)) })}</b>`,
    `<i>${escapeHtml(`${template} (${language}) · ${quoted(audienceLabel)}`)}</i>`,
    `${t('state')}: <b>${word('campaignStates', state)}</b>`,
    ...canaryLines(campaign, words).map(({ text }) => `🐤 ${escapeHtml(text)}`),
    ...(error ? [escapeHtml(quoted(`${explainTrouble(error, words.language)} (${error.code})`))] : []),
    ...(startedAt ? [span(time(startedAt), endedAt && time(endedAt))] : []),
    ...(pace.length > 0 ? [pace.join(', ')] : []),
    ...optionLines(campaign.options, { language: words.language, timezone: words.timezone }).map(
      ({ sign, label, text }) => `${sign} ${escapeHtml(`${label}: ${shorten(text, OPTION_QUOTED)}`)}`,
    ),
  ].join('\n');
}

/** `30.11.2026 08:19:23 → 08:19:48`: the day once, where it is the same. */
function span(from: string, to: string | undefined): string {
  if (to === undefined) return from;
  const [day, hour] = to.split(' ');
  return `${from} → ${from.startsWith(`${day} `) ? hour : to}`;
}

function counts({ ledger, tried, funnel }: Outcome, { t, number }: Words): string {
  const percent = (share: number): string => number(share * 100, 1);
  const line = (label: string, count: number, notes: string[] = []): string =>
    [`${t(label)}: <b>${number(count)}</b>`, ...notes].join(' · ');
  const step = ({ step, count, ofBefore, ofSent }: FunnelStep): string => {
    // A share says nothing of nobody, nor twice the same.
    const before =
      ofBefore === undefined || count === 0 || (step === 'sent' && ofBefore === 1)
        ? []
        : [t(`share.${step}`, { share: percent(ofBefore) })];
    // Of what was sent, delivered is a share already.
    const whole =
      ofSent === undefined || count === 0 || ofSent === ofBefore || step === 'sent' || step === 'delivered'
        ? []
        : [t('share.ofSent', { share: percent(ofSent) })];
    return `${step === 'sent' ? '' : '▸ '}${line(`funnel.${step}`, count, [...before, ...whole])}`;
  };
  const part = (label: string, count: number): string[] =>
    count > 0 ? [line(label, count, [t('share.ofSent', { share: percent(count / tried) })])] : [];
  const waiting = ledger.queued + ledger.sending;
  return [
    line('audienceSize', ledger.total),
    ...(tried > 0
      ? [
          ...funnel.map(step),
          ...part('withoutReceipt', awaitingReceipt(ledger)),
          ...part('failed', ledger.failed),
          ...part('unknown', ledger.unknown),
        ]
      : [line('tried', 0)]),
    ...(ledger.skipped > 0 ? [line('skipped', ledger.skipped)] : []),
    ...(waiting > 0 ? [line('waiting', waiting)] : []),
  ].join('\n');
}

function cost({ cost: costs, costPer = [], ledger }: Outcome, words: Words): string {
  if (!costs) return '';
  const { spent, estimated } = costs;
  const values = {
    spent: sumText(spent, words),
    estimated: sumText(estimated, words),
    day: words.date(estimated.pricesOf),
  };
  // A forecast that came true, and why it was wide, is of no use to anybody.
  const [key, explained] = mayStillCost(ledger)
    ? ['costMessage.going', estimated]
    : [values.spent === values.estimated ? 'costMessage.asForecast' : 'costMessage.over', spent];
  return [
    words.t(key, values),
    ...(costPer.length > 0 ? [escapeHtml(`${words.t('costPer.title')}: ${costPerText(costPer, words)}`)] : []),
    ...wideNote(explained, words).map((note) => `<i>${escapeHtml(note)}</i>`),
  ].join('\n');
}

function failures({ failures: all }: Outcome, { language, t, number }: Words): string {
  const line = ({ code, count, detail, advice }: FailureLine): string =>
    `• ${escapeHtml(`${number(count)} × ${quoted(whatHappened(code, detail, language))}`)} (<code>${escapeHtml(code)}</code>)\n  → ${t(`advice.${advice}`)}`;
  return listed(`<b>${t('whyFailed')}</b>`, all.map(line), t);
}

/** The code's meaning. Of a code without one the vendor's own words are in the table: here they would say nothing. */
function whatHappened(code: string, detail: string | undefined, language: Language): string {
  const meaning = meaningOf(code, language);
  const speaks = detail && !isDocumented(code) && !/^(none|\d+|http_2\d\d)$/.test(code);
  return speaks ? `${meaning}: ${detail}` : meaning;
}

function skips({ skips: all }: Outcome, { t, word, number }: Words): string {
  const line = ({ reason, count, examples }: SkipLine): string => {
    const [example] = examples;
    const where =
      example && example.source !== 'phones' ? t(`origin.${example.source}`, { origin: example.origin }) : '';
    const shown = where && (count > 1 ? t('forExample', { example: where }) : where);
    return `• ${number(count)} × ${word('skipReasons', reason)}${shown && ` (${escapeHtml(quoted(shown))})`}\n  → ${t(`skipAdvice.${reason}`)}`;
  };
  return listed(`<b>${t('whySkipped')}</b>`, all.map(line), t);
}

function writeBack(report: ReportData, words: Words): string {
  const [heading, ...lines] = writeBackLines(report, words);
  return heading === undefined ? '' : [`<b>${heading}</b>`, ...lines.map((line) => `• ${line}`)].join('\n');
}

function listed(heading: string, lines: string[], t: Words['t'], shown = SHOWN): string {
  if (lines.length === 0) return '';
  const more = lines.length - shown;
  return [heading, ...lines.slice(0, shown), ...(more > 0 ? [t('more', { n: more })] : [])].join('\n');
}

function notes({ ledger, failures: all, skips: reasons }: Outcome, { t }: Words): string {
  const worthAFile = all.length + reasons.length > 0;
  return [...(ledger.unknown > 0 ? [`❓ ${t('unknownNote')}`] : []), ...(worthAFile ? [t('fileNote')] : [])].join('\n');
}

const quoted = (text: string): string => shorten(text, QUOTED);
