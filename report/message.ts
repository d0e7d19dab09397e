/** One campaign's report as a Telegram message: running text instead of columns, because a phone is narrow. */
import type { Language } from '../config/i18n';
import { optionLines } from '../config/spec-text';
import { escapeHtml, shorten } from '../config/text';
import type { FailureLine, ReportData, SkipLine } from './data';
import { explainTrouble, isDocumented, meaningOf } from './meaning';
import { createWords, type TextOptions, type Words } from './words';
import { writeBackLines } from './outcome-text';

/** How many error codes and skip reasons are named; the CSV file has all. */
const SHOWN = 8;
/** Longest name or vendor's sentence quoted in full. Keeps the message below Telegram's 4,096 characters. */
const QUOTED = 100;
/** The same for an option, such as the note for colleagues. */
const OPTION_QUOTED = 200;

const SIGNS: Partial<Record<ReportData['campaign']['state'], string>> = {
  completed: '✅',
  cancelled: '🛑',
  failed: '⛔️',
};

/** Telegram's HTML. It always fits into one message and contains no phone number. */
export function renderMessage(report: ReportData, options: TextOptions): string {
  const words = createWords(options);
  return [
    title(report, words),
    counts(report, words),
    failures(report, words),
    skips(report, words),
    writeBack(report, words),
    notes(report, words),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function title({ campaign, durationSeconds, meanRatePerSecond }: ReportData, words: Words): string {
  const { t, word, time, number, duration } = words;
  const { name, template, language, audienceLabel, state, stateReason, startedAt, endedAt } = campaign;
  const error = stateReason && 'error' in stateReason ? stateReason.error : undefined;
  const pace =
    durationSeconds !== undefined && meanRatePerSecond !== undefined
      ? [`${duration(durationSeconds)}, ${t('perSecond', { n: number(meanRatePerSecond, 1) })}`]
      : [];
  return [
    `${SIGNS[state] ?? '📄'} <b>${t('title', { name: escapeHtml(quoted(name)) })}</b>`,
    `<i>${escapeHtml(`${template} (${language}) · ${quoted(audienceLabel)}`)}</i>`,
    `${t('state')}: <b>${word('campaignStates', state)}</b>`,
    ...(error ? [escapeHtml(quoted(`${explainTrouble(error, words.language)} (${error.code})`))] : []),
    ...(startedAt ? [[time(startedAt), ...(endedAt ? [time(endedAt)] : [])].join(' → ')] : []),
    ...pace,
    ...optionLines(campaign.options, { language: words.language, timezone: words.timezone }).map(
      ({ sign, label, text }) => `${sign} ${escapeHtml(`${label}: ${shorten(text, OPTION_QUOTED)}`)}`,
    ),
  ].join('\n');
}

function counts({ ledger, tried, shares }: ReportData, { t, number }: Words): string {
  const line = (label: string, count: number, share?: number): string =>
    `${t(label)}: <b>${number(count)}</b>${share === undefined ? '' : ` · ${number(share * 100, 1)}\u00a0%`}`;
  const part = (label: string, count: number): string[] => (count > 0 ? [line(label, count, count / tried)] : []);
  const waiting = ledger.queued + ledger.sending;
  return [
    line('audienceSize', ledger.total),
    line('tried', tried),
    ...(tried > 0
      ? [
          line('delivered', ledger.delivered + ledger.read, shares.delivered),
          line('read', ledger.read, shares.read),
          ...part('withoutReceipt', ledger.accepted + ledger.sent),
          ...part('failed', ledger.failed),
          ...part('unknown', ledger.unknown),
        ]
      : []),
    ...(ledger.skipped > 0 ? [line('skipped', ledger.skipped)] : []),
    ...(waiting > 0 ? [line('waiting', waiting)] : []),
  ].join('\n');
}

function failures({ ledger, failures: all }: ReportData, { language, t, number }: Words): string {
  const line = ({ code, count, detail }: FailureLine): string =>
    `• ${escapeHtml(`${number(count)} × ${quoted(whatHappened(code, detail, language))}`)} (<code>${escapeHtml(code)}</code>)`;
  return listed(`<b>${t('failed')}: ${number(ledger.failed)}</b>`, all.map(line), t);
}

/** The code's meaning; for an undocumented code, the vendor's own text. */
function whatHappened(code: string, detail: string | undefined, language: Language): string {
  const meaning = meaningOf(code, language);
  return detail && !isDocumented(code) && code !== 'none' ? `${meaning}: ${detail}` : meaning;
}

function skips({ ledger, skips: all }: ReportData, { t, word, number }: Words): string {
  const line = ({ reason, count, examples }: SkipLine): string => {
    const [example] = examples;
    const where =
      example && example.source !== 'phones' ? t(`origin.${example.source}`, { origin: example.origin }) : '';
    const shown = where && (count > 1 ? t('forExample', { example: where }) : where);
    return `• ${number(count)} × ${word('skipReasons', reason)}${shown && ` (${escapeHtml(quoted(shown))})`}`;
  };
  return listed(`<b>${t('skipped')}: ${number(ledger.skipped)}</b>`, all.map(line), t);
}

function writeBack(report: ReportData, words: Words): string {
  const [heading, ...lines] = writeBackLines(report, words);
  return heading === undefined ? '' : [`<b>${heading}</b>`, ...lines.map((line) => `• ${line}`)].join('\n');
}

function listed(heading: string, lines: string[], t: Words['t']): string {
  if (lines.length === 0) return '';
  const more = lines.length - SHOWN;
  return [heading, ...lines.slice(0, SHOWN), ...(more > 0 ? [t('more', { n: more })] : [])].join('\n');
}

function notes({ ledger, failures: all, skips: reasons }: ReportData, { t }: Words): string {
  const worthAFile = all.length + reasons.length > 0;
  return [...(ledger.unknown > 0 ? [`❓ ${t('unknownNote')}`] : []), ...(worthAFile ? [t('fileNote')] : [])].join('\n');
}

const quoted = (text: string): string => shorten(text, QUOTED);
