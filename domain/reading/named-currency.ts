/** Finds the currency that a cell names beside its sum, if any. */
import { shownOf, type Cell } from './cell';
import { signOf } from './written-values';

const DOLLARS = 'USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP BRL NAD JMD';
const POUNDS = 'GBP EGP LBP';
const YUAN = 'CNY JPY';
const KRONER = 'SEK NOK DKK ISK';

/** Words and symbols for currencies, with what each may stand for; a word matches with any ending. */
const NAMES: [RegExp, string][] = [
  [/^(?:₽|руб|р\.?$|rub|rur$)/, 'RUB BYN'],
  [/^us\$/, 'USD'],
  [/^a(?:u)?\$/, 'AUD'],
  [/^c(?:a)?\$/, 'CAD'],
  [/^hk\$/, 'HKD'],
  [/^s\$/, 'SGD'],
  [/^r\$/, 'BRL'],
  [/^nt\$/, 'TWD'],
  [/^\$$|^(?:долл|dollar)/, DOLLARS],
  [/^(?:€|евро|euro)/, 'EUR'],
  [/^(?:£|фунт)/, POUNDS],
  [/^(?:¥|￥|юан|иен)/, YUAN],
  [/^(?:₸|тенге|тг|тнг)/, 'KZT'],
  [/^(?:₴|грн|гривен|гривн)/, 'UAH'],
  [/^(?:сум|so.?m$)/, 'UZS'],
  [/^(?:сом|⃀)/, 'KGS UZS'],
  [/^(?:֏|драм)/, 'AMD'],
  [/^(?:₾|лари)/, 'GEL'],
  [/^(?:₼|манат)/, 'AZN TMT'],
  [/^(?:₺|лир)/, 'TRY'],
  [/^(?:₪|шекел)/, 'ILS'],
  [/^(?:₹|рупи)/, 'INR PKR'],
  [/^(?:zł|zl|злот)/, 'PLN'],
  [/^(?:kč|kc$|крон|kr\.?$)/, `CZK ${KRONER}`],
  [/^(?:lei|leu)$/, 'RON MDL'],
  [/^(?:₩|вон)/, 'KRW'],
  [/^(?:฿|бат)/, 'THB'],
  [/^(?:₫|донг)/, 'VND'],
];
/** What a cell holds besides its sum: a word, or a symbol with the letters before it. */
const WORDS = /[\p{L}]{0,3}\p{Sc}|\p{L}[\p{L}.]*/gu;

/** Whether the cell certainly names a currency other than this one (ISO 4217), so that its sum must not be used. */
export function namesOtherCurrency(cell: Cell, currency: string): boolean {
  const words = shownOf(cell).toLowerCase().match(WORDS) ?? [];
  return words.some((word) => {
    const known = NAMES.find(([pattern]) => pattern.test(word))?.[1] ?? codeIn(word);
    if (known !== undefined) return !known.split(' ').includes(currency);
    const [, letters = '', sign] = /^(\p{L}*)(\p{Sc})$/u.exec(word) ?? [];
    if (sign !== undefined) return sign !== signOf(currency) || !currency.toLowerCase().startsWith(letters);
    // "5000 pcs": an unknown code, so not a sum of money.
    return /^[a-z]{3}$/.test(word);
  });
}

const CODES = new Set(Intl.supportedValuesOf('currency'));

function codeIn(word: string): string | undefined {
  const code = word.replace(/\.$/, '').toUpperCase();
  return CODES.has(code) ? code : undefined;
}
