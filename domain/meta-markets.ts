/**
 * Meta's markets that hold several countries, as its list of regions has them for the prices since July 2025 (no list for
 * machines is published). A country with a row of its own in a rate card has that price, whatever market is named here.
 */
const MARKETS: Readonly<Record<string, string>> = {
  'north america': 'US CA',
  'rest of africa':
    'DZ AO BJ BW BF BI CM TD CG ER ET GA GM GH GW CI KE LS LR LY MG MW ML MR MA MZ NA NE RW SN SL SO SS SD SZ TZ TG TN UG ZM',
  'rest of asia pacific': 'AF AU BD KH CN HK JP LA MN NP NZ PG PH SG LK TW TJ TH TM UZ VN',
  'rest of central & eastern europe': 'AL AM AZ BY BG HR CZ GE GR HU LV LT MK MD PL RO RS SK SI UA',
  'rest of western europe': 'AT BE DK FI IE NO PT SE CH',
  'rest of latin america': 'BO CR DO EC SV GT HT HN JM NI PA PY PR UY VE',
  'rest of middle east': 'BH IQ JO KW LB OM QA YE',
};

/** Names in Meta's cards that CLDR has otherwise. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  turkey: 'TR',
  'ivory coast': 'CI',
  'czech republic': 'CZ',
  macedonia: 'MK',
  'russian federation': 'RU',
  uae: 'AE',
};

/** The market of all countries that stand in no other. */
const OTHERS = 'other';

let named: ReadonlyMap<string, string> | undefined;

/** Countries by their English name, in small letters. */
function countryNames(): ReadonlyMap<string, string> {
  if (named) return named;
  const english = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = Array.from({ length: 26 }, (_, n) => String.fromCharCode(65 + n));
  const codes = letters.flatMap((first) => letters.map((second) => first + second));
  // Of a code that was given up the name is that of its successor, which comes under its own as well.
  named = new Map(
    codes
      .filter((code) => new Intl.Locale(`und-${code}`).region === code)
      .flatMap((code) => {
        const name = english.of(code);
        return name === undefined ? [] : [[name.toLowerCase(), code] as const];
      }),
  );
  return named;
}

/** ISO codes of a market's countries; `others` for all that no other market names; undefined for an unknown name. */
export function countriesOfMarket(market: string): readonly string[] | 'others' | undefined {
  const name = market.trim().toLowerCase().replace(/\s+/g, ' ').replace(/ and /g, ' & ');
  if (name === OTHERS) return 'others';
  const region = MARKETS[name];
  if (region) return region.split(' ');
  const country = OTHER_NAMES[name] ?? countryNames().get(name) ?? countryNames().get(name.replace(/ & /g, ' and '));
  return country === undefined ? undefined : [country];
}
