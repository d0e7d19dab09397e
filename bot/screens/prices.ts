/** /prices: what messages cost and which rate card says so; whoever may, sends a new card as a file. */
import { z } from 'zod';
import type { KeptCard } from '../../campaigns/rate-cards';
import { MOST_CARD_BYTES } from '../../campaigns/rate-cards';
import { done, refused } from '../../config/errors';
import { countryText } from '../../config/formats';
import { ANY, countryMeant } from '../../domain/country-rules';
import { feeOn, holdingOn, rateOf, type PriceTable } from '../../domain/cost';
import type { RateCard } from '../../domain/rate-card';
import { may } from '../../domain/roles';
import { costOfOne } from '../../report/outcome-text';
import type { ImportedTable } from '../../store/prices';
import type { StepAt } from '../conversation/steps';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../conversation/talk';
import { rowsOf, type Screen } from '../screen';
import { Html, shorten, type Texts } from '../texts';

type PricesStep = StepAt<'prices'>;
type DayStep = StepAt<'pricesDay'>;

/** Those that are shown unasked. */
const SHOWN = ['RU', 'KZ', 'UZ', 'BY'];
/** Tables that are named, and cards that can be removed here; the console has all. */
const MOST_TABLES = 8;

export const pricesScreen: StepScreen<PricesStep> = {
  show: async ({ country, sure }, talk, view) => {
    if (sure !== undefined) return done({ screen: renderSure(sure, view) });
    const tables = await talk.services.prices.tables();
    if (!tables.ok) return tables;
    const names = await Promise.all(tables.value.map((table) => nameOf(table, talk)));
    return done({
      screen: renderPrices(
        {
          tables: tables.value,
          names,
          country,
          today: todayOf(talk),
          mayChange: may(talk.user.member?.role, 'prices.change'),
        },
        view,
      ),
    });
  },
  press: async (_step, action, argument, talk) => {
    const { services, actor, texts, draft } = talk;
    if (action === 'pricesDone') return { kind: 'close', html: texts.html('prices.closed') };
    if (action === 'no') return go({ at: 'prices' }, draft);
    const day = dayIn(argument);
    if (day === undefined) return stale;
    if (action === 'priceRemove') return go({ at: 'prices', sure: day }, draft);
    if (action !== 'priceRemove!') return stale;
    const removed = await services.prices.remove(day, actor);
    return go(
      { at: 'prices' },
      draft,
      texts.html(removed ? 'prices.removed' : 'prices.missing', { day: texts.day(day) }),
    );
  },
  text: async (_step, typed, { draft }) => {
    const country = countryMeant(typed);
    if (country === undefined || country === ANY)
      return refuse(refused('country_unknown', { value: shorten(typed.trim(), 40) }));
    return go({ at: 'prices', country }, draft);
  },
  file: async (_step, file, talk) => {
    const { name, size = 0 } = file;
    if (size > MOST_CARD_BYTES) return refuse(refused('prices_unreadable', { path: name, detail: '> 1 MB' }));
    await talk.interim(talk.texts.html('prices.reading', { name }));
    const read = talk.services.prices.read(await talk.download(file.fileId), name);
    if (!read.ok) return refuse(read);
    const { effective, ...card } = read.value;
    return go({ at: 'pricesDay', name, card, ...(effective !== undefined && { effective }) }, talk.draft);
  },
};

export const pricesDayScreen: StepScreen<DayStep> = {
  show: async (step, talk, view) => done({ screen: renderDay(step, daysOffered(step, talk), view) }),
  press: async (step, action, argument, talk) => {
    const day = dayIn(argument);
    return action === 'priceDay' && day !== undefined ? keep(step, day, talk) : stale;
  },
  text: async (step, typed, talk) => {
    const [, day = '', month = '', year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(typed.trim()) ?? [];
    const meant = dayIn(year ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : typed.trim());
    return meant === undefined
      ? refuse(refused('price_day_invalid', { value: shorten(typed.trim(), 40) }))
      : keep(step, meant, talk);
  },
};

/** An ISO date that exists. */
const dayIn = (text: string): string | undefined => z.iso.date().safeParse(text).data;

/** In UTC, as estimates and reports take it. */
const todayOf = (talk: Pick<Talk, 'now'>): string => talk.now().toUTC().toISODate()!;

/** The card's own day, if it names one; else the beginnings of this quarter, this month and today, as `todayOf` has it. */
function daysOffered({ effective }: DayStep, { now }: Pick<Talk, 'now'>): string[] {
  const today = now().toUTC();
  const starts = [today.startOf('quarter'), today.startOf('month'), today].map((at) => at.toISODate()!);
  const named = effective === undefined ? undefined : dayIn(effective);
  return [...new Set(named === undefined ? starts : [named, ...starts])];
}

async function keep({ card }: DayStep, validFrom: string, { services, actor, texts, draft }: Talk): Promise<Move> {
  const kept = await services.prices.keep(card, { validFrom }, actor);
  return kept.ok ? go({ at: 'prices' }, draft, savedText(kept.value, texts)) : refuse(kept);
}

function savedText({ validFrom, markets, countries, replaced, gupshupFee, feeFrom }: KeptCard, texts: Texts): string {
  const fee = costOfOne({ from: gupshupFee, to: gupshupFee }, texts);
  return [
    texts.html(replaced ? 'prices.replaced' : 'prices.saved', { day: texts.day(validFrom), markets, countries }),
    texts.html(feeFrom === 'none' ? 'prices.feeUnknown' : 'prices.feeKept', { fee }),
  ].join(' ');
}

/** `rate card from 1 October 2026 (imported …)` */
async function nameOf(table: PriceTable | ImportedTable, { texts, services }: Talk): Promise<string> {
  const day = texts.day(table.validFrom);
  if (!('importedAt' in table)) return texts.plain('prices.bundled', { day });
  const by = await services.lists.nameOf(table.by, texts.language);
  return texts.plain('prices.imported', { day, at: texts.shortTime(table.importedAt), by });
}

interface Shown {
  tables: readonly (PriceTable | ImportedTable)[];
  /** What each is called. */
  names: readonly string[];
  country: string | undefined;
  today: string;
  mayChange: boolean;
}

function renderPrices({ tables, names, country, today, mayChange }: Shown, view: View): Screen {
  const { texts } = view;
  const holding = holdingOn(today, tables);
  const named = tables
    .map((table, at) => ({ table, name: names[at]! }))
    .toSorted((a, b) => b.table.validFrom.localeCompare(a.table.validFrom));
  const inForce = named.find(({ table }) => table === holding[0]);
  const others = named
    .filter((one) => one !== inForce)
    .slice(0, MOST_TABLES)
    .map(({ table, name }) => texts.html(`prices.${table.validFrom > today ? 'later' : 'earlier'}`, { table: name }));
  const fee = feeOn(today, tables);
  const countries = country === undefined ? SHOWN : [country];
  const imported = named.filter(({ table }) => 'importedAt' in table).slice(0, MOST_TABLES);
  return {
    html: [
      [
        texts.html('prices.title'),
        '',
        inForce ? texts.html('prices.holds', { table: inForce.name }) : texts.html('prices.none'),
        ...(fee === undefined ? [] : [texts.html('prices.fee', { fee: costOfOne({ from: fee, to: fee }, texts) })]),
      ].join('\n'),
      ...(holding.length > 0
        ? [[...countries.map((one) => countryLine(one, holding, texts)), texts.html('prices.atMost')].join('\n')]
        : []),
      ...(others.length > 0 ? [[texts.html('prices.others'), ...others].join('\n')] : []),
      [texts.html('prices.hint'), ...(mayChange ? [texts.html('prices.hintFile')] : [])].join('\n'),
    ].join('\n\n'),
    keyboard: [
      ...imported.map(({ table: { validFrom } }) => [
        view.button('priceRemove', {
          text: texts.plain('prices.remove', { day: texts.day(validFrom) }),
          argument: validFrom,
        }),
      ]),
      [view.button('pricesDone', { text: texts.plain('prices.done') })],
    ],
  };
}

function countryLine(country: string, newestFirst: readonly PriceTable[], texts: Texts): string {
  const price = (category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION'): string => {
    const rate = rateOf(country, category, newestFirst);
    return rate ? costOfOne({ from: rate.least, to: rate.most }, texts) : texts.plain('prices.noPrice');
  };
  return texts.html('prices.country', {
    country: countryText(country, texts.language),
    ...{ marketing: price('MARKETING'), utility: price('UTILITY'), authentication: price('AUTHENTICATION') },
  });
}

function renderSure(day: string, view: View): Screen {
  const { texts } = view;
  const yes = { text: texts.plain('prices.sureYes'), argument: day, style: 'danger' as const };
  return {
    html: texts.html('prices.sure', { day: texts.day(day) }),
    keyboard: [[view.button('priceRemove!', yes), view.button('no')]],
  };
}

function renderDay({ name, card }: DayStep, days: readonly string[], view: View): Screen {
  const { texts } = view;
  const { markets, countries } = card;
  const lines = SHOWN.map((one) => countryLine(one, [asTable(card)], texts)).join('\n');
  return {
    html: texts.html('prices.dayQuestion', {
      name: shorten(name, 60),
      ...{ markets, countries: Object.keys(countries).length, lines: new Html(lines) },
    }),
    keyboard: [
      ...rowsOf(
        days.map((day) => view.button('priceDay', { text: texts.day(day), argument: day })),
        1,
      ),
      view.footer(),
    ],
  };
}

/** The card alone: what it does not name has no price. */
function asTable({ countries, otherwise }: RateCard): PriceTable {
  return { validFrom: '', source: '', gupshupFee: 0, countries, ...(otherwise && { otherwise, isWhole: true }) };
}
