/** A report's counts as text: the outcome, the pace, and why some people did not get it. */
import { translate } from '../config/i18n';
import type { CostEstimate } from '../domain/cost';
import { awaitingReceipt, type Ledger } from '../domain/story/ledger';
import { DELIVERY_STATES } from '../domain/story/delivery';
import { WRITE_BACK_KINDS } from '../domain/story/write-back';
import type { CostPer } from './cost-per';
import type { Outcome, ReportData } from './data';
import { field, hanging } from './layout';
import { isDocumented, meaningOf } from './meaning';
import { plainSpaces, type Words } from './words';

const COUNT_WIDTH = 10;
const MOST_COUNTRIES = 5;

/** The sections in order; a section without content is empty. */
export function outcomeSections(outcome: Outcome, words: Words): string[] {
  const { language, t, word, time, number, duration, line } = words;
  const percent = (share: number): string => `${number(share * 100, 1)} %`;
  const countField = (count: number): string => field(number(count), COUNT_WIDTH, 'right');
  /** The count comes first, so that long explanations have the rest of the line. */
  const counted = (count: number, text: string): string => hanging(`${countField(count)}  `, text);

  /** The funnel with each step's shares, and what is not in it. */
  function shares({ ledger, tried, funnel }: Outcome): string {
    const share = (part: number | undefined, width: number): string =>
      field(part === undefined ? '' : percent(part), width, 'right');
    const row = (label: string, count: number, ofBefore?: number, ofSent?: number): string =>
      `  ${field(label, 30)}${countField(count)}${share(ofBefore, 19)}${share(ofSent, 17)}`.trimEnd();
    const ofTried = (count: number): number | undefined => (tried > 0 ? count / tried : undefined);
    const waiting = ledger.queued + ledger.sending;
    return [
      `  ${field('', 40)}${field(t('ofBefore'), 19, 'right')}${field(t('ofSent'), 17, 'right')}`,
      row(t('audienceSize'), ledger.total),
      ...funnel.map(({ step, count, ofBefore, ofSent }) =>
        row(`${step === 'sent' ? '' : '  '}${t(`funnel.${step}`)}`, count, ofBefore, ofSent),
      ),
      row(`  ${t('withoutReceipt')}`, awaitingReceipt(ledger), undefined, ofTried(awaitingReceipt(ledger))),
      row(`  ${t('failed')}`, ledger.failed, undefined, ofTried(ledger.failed)),
      row(`  ${t('unknown')}`, ledger.unknown, undefined, ofTried(ledger.unknown)),
      row(t('skipped'), ledger.skipped),
      ...(waiting > 0 ? [row(t('waiting'), waiting)] : []),
    ].join('\n');
  }

  function cost({ cost, costPer = [], ledger }: Outcome): string {
    if (!cost) return '';
    const { spent, estimated } = cost;
    return [
      line(t('costSpent'), costText(spent, words)),
      line(t(estimateLabel(ledger)), costText(estimated, words)),
      ...(costPer.length > 0 ? [line(t('costPer.title'), costPerText(costPer, words))] : []),
      ...wideNote(estimated, words).map((note) => `  ${hanging('', note)}`),
    ].join('\n');
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

  function toDo(advice: string): string {
    return hanging(`${' '.repeat(COUNT_WIDTH + 2)}→ `, advice);
  }

  function failures({ ledger, failures }: Outcome): string {
    if (failures.length === 0) return '';
    const lines = failures.map(({ code, count, family, detail, advice }) => {
      // For an undocumented code there is only the vendor's own text.
      const undocumented = detail && !isDocumented(code) ? ` "${detail}"` : '';
      const meaning = `${code} ${meaningOf(code, language)}${undocumented} [${t(`families.${family}`)}]`;
      return `${counted(count, meaning)}\n${toDo(t(`advice.${advice}`))}`;
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
      const why = counted(count, `${word('skipReasons', reason)}: ${shown}${more}`);
      return `${why}\n${toDo(t(`skipAdvice.${reason}`))}`;
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

  const all = [shares, balance, pace, cost, failures, skips, unknowns];
  return all.map((section) => section(outcome));
}

/** Whether a message may still arrive, and be paid for. */
export function mayStillCost(ledger: Ledger): boolean {
  return ledger.queued + ledger.sending + awaitingReceipt(ledger) > 0;
}

/** What the estimate is by now: what it may come to, or what was expected. */
export function estimateLabel(ledger: Ledger): 'costEstimated' | 'costForecast' {
  return mayStillCost(ledger) ? 'costEstimated' : 'costForecast';
}

/** `delivered $0.0712, read $0.09–$0.12`: a single message costs cents, so the digits go further. */
export function costPerText(all: readonly CostPer[], words: Words): string {
  return all.map((one) => `${costPerLabel(one, words)} ${costOfOne(one, words)}`).join(', ');
}

export function costPerLabel({ step, followUps }: CostPer, { t }: Words): string {
  return t(`costPer.${step === 'won' && followUps ? 'wonWithFollowUps' : step}`);
}

/** Of one message or buyer, to a hundredth of a cent. */
export function costOfOne({ from, to }: Pick<CostPer, 'from' | 'to'>, { language }: Pick<Words, 'language'>): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });
  const [least, most] = [from, to].map((sum) => plainSpaces(format.format(sum)));
  return least === most ? most! : `${least}–${most}`;
}

/** `$3.02–$40.82 (rates of 1 April 2026)` */
function costText(cost: CostEstimate, words: Words): string {
  return words.t('costSum', { sum: sumText(cost, words), day: words.date(cost.pricesOf) });
}

export function sumText({ from, to, currency }: CostEstimate, { money }: Words): string {
  return money(from, to, currency);
}

/** Why the range is wide; empty when every country has a rate. */
export function wideNote({ unpriced }: CostEstimate, { t, language }: Words): string[] {
  const countries = new Intl.DisplayNames(language, { type: 'region' });
  const named = unpriced.flatMap(({ country }) => (country ? [countries.of(country) ?? country] : []));
  if (named.length === 0) return [];
  const shown = named.slice(0, MOST_COUNTRIES).join(', ') + (named.length > MOST_COUNTRIES ? ', …' : '');
  return [t('costWide', { countries: shown })];
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
