/** What a campaign may cost, as lines of the preview: the estimate, why it is no closer, and what there is to pay it with. */
import type { Preflight } from '../campaigns/contract';
import type { Texts } from './texts';

const SHOWN_COUNTRIES = 5;

/** One paragraph of HTML; none when nothing is known of the money. */
export function costLines({ cost, wallet, warnings }: Preflight, texts: Texts): string[] {
  const lines: string[] = [];
  if (cost) {
    const [from, sum] = [cost.from, cost.to].map((amount) => texts.money(amount, cost.currency));
    const isRange = cost.from !== cost.to;
    lines.push(
      texts.html(isRange ? 'preview.costRange' : 'preview.cost', {
        from: from!,
        sum: sum!,
        day: texts.day(cost.pricesOf),
      }),
    );
  } else if (!warnings.some(({ code }) => code === 'prices_unreadable')) lines.push(texts.html('preview.costUnknown'));
  const unpriced = cost?.unpriced ?? [];
  if (unpriced.length > 0) {
    const names = new Intl.DisplayNames(texts.language, { type: 'region' });
    const named = unpriced.slice(0, SHOWN_COUNTRIES).map(({ country, people }) =>
      texts.plain('preview.costCountry', {
        country: country ? (names.of(country) ?? country) : texts.plain('preview.costNoCountry'),
        count: people,
      }),
    );
    const more = unpriced.length > SHOWN_COUNTRIES ? ['…'] : [];
    lines.push(texts.html('preview.costUnpriced', { countries: [...named, ...more].join(', ') }));
  }
  if (wallet !== undefined) lines.push(texts.html('preview.costWallet', { sum: texts.money(wallet, 'USD') }));
  return lines.length > 0 ? [lines.join('\n')] : [];
}
