/** A report's counts as rows of a sheet: label, value, share, explanation. */
import { optionLines } from '../config/spec-text';
import type { Outcome, RangeReportData, ReportData } from './data';
import { meaningOf } from './meaning';
import { createWords, type TextOptions, type Words } from './words';

type SummaryRow = (string | number | undefined)[];

/** The rows, with an empty row between sections. Shares are 0 to 1, in the third column. */
export function summaryRows(report: ReportData | RangeReportData, options: TextOptions): SummaryRow[] {
  const words = createWords(options);
  const { t, time } = words;
  const parts = [
    'campaigns' in report ? ofRange(report, words) : ofCampaign(report, words),
    counts(report, words),
    report.failures.map(({ code, count, family }) => [
      `${t('failed')}: ${code}`,
      count,
      undefined,
      `${meaningOf(code, options.language)} [${t(`families.${family}`)}]`,
    ]),
    report.skips.map(({ reason, count }) => [`${t('skipped')}: ${words.word('skipReasons', reason)}`, count]),
    [[t('countedAt', { time: time(report.countedAt), zone: options.timezone })]],
  ];
  return parts.filter((rows) => rows.length > 0).flatMap((rows, index) => (index === 0 ? rows : [[], ...rows]));
}

function ofCampaign(
  { campaign, firstSendAt, lastSendAt }: ReportData,
  { language, timezone, t, word, time }: Words,
): SummaryRow[] {
  return [
    [t('title', { name: campaign.name })],
    [t('id'), campaign.id],
    [t('template'), `${campaign.template} (${campaign.language})`],
    [t('audience'), campaign.audienceLabel],
    ...optionLines(campaign.options, { language, timezone }).map(({ label, text }) => [label, text]),
    [t('sender'), campaign.sender],
    [t('state'), word('campaignStates', campaign.state)],
    ...(firstSendAt ? [[t('firstSend'), time(firstSendAt)]] : []),
    ...(lastSendAt ? [[t('lastSend'), time(lastSendAt)]] : []),
  ];
}

function ofRange({ from, to, campaigns }: RangeReportData, { t, time }: Words): SummaryRow[] {
  return [
    [t('rangeTitle', { from: time(from), to: time(to), n: campaigns.length })],
    ...campaigns.map(({ campaign, tried }) => [campaign.name, tried, undefined, campaign.id]),
  ];
}

function counts({ ledger, tried, shares }: Outcome, { t }: Words): SummaryRow[] {
  const part = (count: number): number => (tried ? count / tried : 0);
  const waiting = ledger.queued + ledger.sending;
  return [
    [t('audienceSize'), ledger.total],
    [t('tried'), tried],
    [t('accepted'), Math.round(shares.accepted * tried), shares.accepted],
    [t('delivered'), ledger.delivered + ledger.read, shares.delivered],
    [t('read'), ledger.read, shares.read],
    [t('failed'), ledger.failed, part(ledger.failed)],
    [t('unknown'), ledger.unknown, part(ledger.unknown)],
    [t('skipped'), ledger.skipped],
    ...(waiting > 0 ? [[t('waiting'), waiting]] : []),
  ];
}
