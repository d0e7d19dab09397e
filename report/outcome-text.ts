/** A report's counts as text: the outcome, the pace, and why some people did not get it. */
import { translate } from '../config/i18n';
import { DELIVERY_STATES } from '../domain/story/delivery';
import { WRITE_BACK_KINDS } from '../domain/story/write-back';
import type { Outcome, ReportData } from './data';
import { field, hanging } from './layout';
import { isDocumented, meaningOf } from './meaning';
import type { Words } from './words';

const COUNT_WIDTH = 10;

/** The sections in order; a section without content is empty. */
export function outcomeSections(outcome: Outcome, words: Words): string[] {
  const { language, t, word, time, number, duration, line } = words;
  const percent = (share: number): string => `${number(share * 100, 1)} %`;
  const countField = (count: number): string => field(number(count), COUNT_WIDTH, 'right');
  /** The count comes first, so that long explanations have the rest of the line. */
  const counted = (count: number, text: string): string => hanging(`${countField(count)}  `, text);

  function shares({ ledger, tried, shares }: Outcome): string {
    const row = (label: string, count: number, share?: number): string =>
      `  ${field(label, 40)}${countField(count)}${share === undefined ? '' : field(percent(share), 10, 'right')}`;
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
      // For an undocumented code there is only the vendor's own text.
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
      hanging(`  ${field(`#${n}`, COUNT_WIDTH - 2)}  `, `${phone} ${detail}`),
    );
    const more = count > examples.length ? [`  ${t('more', { n: number(count - examples.length) })}`] : [];
    return [hanging(`${t('unknown')}: ${number(count)}. `, t('unknownNote')), ...lines, ...more].join('\n');
  }

  const all = [shares, balance, pace, failures, skips, unknowns];
  return all.map((section) => section(outcome));
}

/** A heading and a line for each kind; empty when nothing was ordered. */
export function writeBackLines({ writeBack }: Pick<ReportData, 'writeBack'>, { language, number }: Words): string[] {
  if (!writeBack) return [];
  const { counts, endedAt, brokenOff } = writeBack;
  const t = (key: string, n = 0): string => translate(language, `crm.report.${key}`, { n: number(n) });
  const lines = WRITE_BACK_KINDS.flatMap((kind) => {
    const count = counts[kind];
    if (!count) return [];
    const { written, refused, left } = count;
    const others = [...(refused > 0 ? [t('refused', refused)] : []), ...(left > 0 ? [t('left', left)] : [])];
    return [[t(kind, written), ...others].join(', ')];
  });
  const title = brokenOff
    ? translate(language, 'crm.report.brokenOff', { why: translate(language, `crm.report.ended.${brokenOff.status}`) })
    : t(endedAt ? 'title' : 'going');
  return [title, ...lines];
}
