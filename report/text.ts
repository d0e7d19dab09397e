/** Reports as plain text, at most 80 columns wide, for a terminal and for Telegram's <pre>. */
import { DateTime } from 'luxon';
import { translate, type Language } from '../config/i18n';
import { DELIVERY_STATES } from '../domain/delivery';
import type { Outcome, RangeReportData, ReportData, ReportedCampaign } from './data';
import { field, hanging, TEXT_WIDTH } from './layout';
import { isDocumented, meaningOf } from './meaning';

export interface TextOptions {
  language: Language;
  /** IANA zone in which times are shown. */
  timezone: string;
}

/** One campaign: who and when, how it went, and why not everybody got it. */
export function renderText(report: ReportData, options: TextOptions): string {
  const page = createPage(options);
  return joined([page.header(report.campaign), ...page.outcome(report), page.counted(report.countedAt)]);
}

/** Several campaigns: a line each, then all together. */
export function renderRangeText(report: RangeReportData, options: TextOptions): string {
  const page = createPage(options);
  return joined([
    page.rangeHeader(report),
    page.campaigns(report.campaigns),
    ...page.outcome(report),
    page.counted(report.countedAt),
  ]);
}

const joined = (sections: string[]): string => sections.filter((section) => section !== '').join('\n\n') + '\n';

interface Page {
  header(campaign: ReportedCampaign): string;
  rangeHeader(report: RangeReportData): string;
  campaigns(campaigns: ReportData[]): string;
  outcome(outcome: Outcome): string[];
  counted(at: Date): string;
}

const LABEL = 14;
const COUNT = 10;

function createPage({ language, timezone }: TextOptions): Page {
  const t = (key: string, values?: Record<string, string | number>): string =>
    translate(language, `report.${key}`, values);
  const word = (kind: string, key: string): string => translate(language, `words.${kind}.${key}`);
  const time = (at: Date): string => DateTime.fromJSDate(at, { zone: timezone }).toFormat(t('timeFormat'));
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value).replace(/\u00a0|\u202f/g, ' ');
  const percent = (share: number): string => `${number(share * 100, 1)} %`;
  const line = (label: string, text: string): string => hanging(`  ${field(label, LABEL)}`, text);
  /** Count first, so that long explanations have the rest of the line. */
  const counted = (count: number, text: string): string => hanging(`${field(number(count), COUNT, 'right')}  `, text);

  function duration(seconds: number): string {
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    const rest = t('seconds', { n: number(seconds % 60, seconds < 10 ? 1 : 0) });
    return [hours > 0 && t('hours', { n: hours }), (hours > 0 || minutes > 0) && t('minutes', { n: minutes }), rest]
      .filter(Boolean)
      .join(' ');
  }

  function reason({ stateReason }: ReportedCampaign): string {
    if (!stateReason) return '';
    if ('by' in stateReason) return ` (${stateReason.by})`;
    const { code, detail } = stateReason.error;
    return ` (${code}: ${detail})`;
  }

  function shares({ ledger, tried, shares }: Outcome): string {
    const row = (label: string, count: number, share?: number): string =>
      `  ${field(label, 40)}${field(number(count), COUNT, 'right')}${share === undefined ? '' : field(percent(share), 10, 'right')}`;
    const rows = [
      row(t('audienceSize'), ledger.total),
      row(t('tried'), tried),
      row(`  ${t('accepted')}`, Math.round(shares.accepted * tried), shares.accepted),
      row(`  ${t('delivered')}`, ledger.delivered + ledger.read, shares.delivered),
      row(`  ${t('read')}`, ledger.read, shares.read),
      row(`  ${t('failed')}`, ledger.failed, tried ? ledger.failed / tried : 0),
      row(`  ${t('unknown')}`, ledger.unknown, tried ? ledger.unknown / tried : 0),
      row(t('skipped'), ledger.skipped),
    ];
    const waiting = ledger.queued + ledger.sending;
    return [...rows, ...(waiting > 0 ? [row(t('waiting'), waiting)] : [])].join('\n');
  }

  function balance({ ledger }: Outcome): string {
    const parts = DELIVERY_STATES.filter((state) => ledger[state] > 0).map(
      (state) => `${word('deliveryStates', state)} ${number(ledger[state])}`,
    );
    return hanging(`${t('ledger')}: `, `${parts.join(' + ') || 0} = ${number(ledger.total)}`);
  }

  function pace({ firstSendAt, lastSendAt, durationSeconds, meanRatePerSecond }: Outcome): string {
    if (!firstSendAt || !lastSendAt || durationSeconds === undefined) return '';
    return [
      line(t('firstSend'), time(firstSendAt)),
      line(t('lastSend'), time(lastSendAt)),
      line(t('duration'), duration(durationSeconds)),
      ...(meanRatePerSecond === undefined
        ? []
        : [line(t('rate'), t('perSecond', { n: number(meanRatePerSecond, 1) }))]),
    ].join('\n');
  }

  function failures({ ledger, failures }: Outcome): string {
    if (failures.length === 0) return '';
    const lines = failures.map(({ code, count, family, detail }) => {
      // Of a code that nobody has documented, the vendor's own words are all there is.
      const undocumented = detail && !isDocumented(code) ? ` "${detail}"` : '';
      return counted(count, `${code} ${meaningOf(code, language)}${undocumented} [${t(`families.${family}`)}]`);
    });
    return [`${t('failed')}: ${number(ledger.failed)}`, ...lines].join('\n');
  }

  function skips({ ledger, skips }: Outcome): string {
    if (skips.length === 0) return '';
    const lines = skips.map(({ reason, count, examples }) => {
      const shown = examples
        .map(({ source, origin, value }) => `${t(`origin.${source}`, { origin })}${value && ` "${value}"`}`)
        .join('; ');
      const more = count > examples.length ? '; …' : '';
      return counted(count, `${word('skipReasons', reason)}: ${shown}${more}`);
    });
    return [`${t('skipped')}: ${number(ledger.skipped)}`, ...lines].join('\n');
  }

  function unknowns({ unknowns: { count, examples } }: Outcome): string {
    if (count === 0) return '';
    const lines = examples.map(({ n, phone, detail }) =>
      hanging(`  ${field(`#${n}`, COUNT - 2)}  `, `${phone} ${detail}`),
    );
    const more = count > examples.length ? [`  ${t('more', { n: number(count - examples.length) })}`] : [];
    return [hanging(`${t('unknown')}: ${number(count)}. `, t('unknownNote')), ...lines, ...more].join('\n');
  }

  return {
    header: (campaign) =>
      [
        hanging('', t('title', { name: campaign.name })),
        line(t('id'), campaign.id),
        line(t('template'), `${campaign.template} (${campaign.language})`),
        line(t('audience'), campaign.audienceLabel),
        line(t('sender'), campaign.sender),
        line(
          t('created'),
          `${time(campaign.createdAt)}, ${t(`by.${campaign.createdBy.kind}`, { ...campaign.createdBy })}`,
        ),
        ...(campaign.startedAt ? [line(t('started'), time(campaign.startedAt))] : []),
        ...(campaign.endedAt ? [line(t('ended'), time(campaign.endedAt))] : []),
        line(t('state'), word('campaignStates', campaign.state) + reason(campaign)),
      ].join('\n'),
    rangeHeader: ({ from, to, campaigns }) =>
      hanging('', t('rangeTitle', { from: time(from), to: time(to), n: campaigns.length })),
    campaigns: (campaigns) => {
      if (campaigns.length === 0) return '';
      const columns: [label: string, width: number, align: 'left' | 'right', cell: (report: ReportData) => string][] = [
        [t('started'), 17, 'left', ({ campaign }) => (campaign.startedAt ? time(campaign.startedAt).slice(0, 16) : '')],
        [t('name'), 22, 'left', ({ campaign }) => campaign.name],
        [t('short.tried'), 8, 'right', ({ tried }) => number(tried)],
        [t('short.delivered'), 8, 'right', ({ ledger }) => number(ledger.delivered + ledger.read)],
        [t('short.read'), 7, 'right', ({ ledger }) => number(ledger.read)],
        [t('short.failed'), 7, 'right', ({ ledger }) => number(ledger.failed)],
        [t('short.unknown'), 5, 'right', ({ ledger }) => number(ledger.unknown)],
      ];
      const row = (cells: (column: (typeof columns)[number]) => string): string =>
        columns
          .map((column) => field(cells(column), column[1], column[2]))
          .join(' ')
          .trimEnd();
      return [
        row(([label]) => label),
        '-'.repeat(TEXT_WIDTH),
        ...campaigns.map((report) => row(([, , , cell]) => cell(report))),
      ].join('\n');
    },
    outcome: (outcome) => [
      shares(outcome),
      balance(outcome),
      pace(outcome),
      failures(outcome),
      skips(outcome),
      unknowns(outcome),
    ],
    counted: (at) => t('countedAt', { time: time(at), zone: timezone }),
  };
}
