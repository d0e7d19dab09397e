/** How a campaign's first people fared, in a line: on its card, in the console, in the report. */
import type { Canary, CanaryLook } from '../domain/canary';
import type { CampaignState } from '../domain/story/campaign';
import { notTriedCount, type Ledger } from '../domain/story/ledger';
import { translate, type Language } from './i18n';

/** `at`: when they were looked at, as it is shown there. */
export function canaryText({ counts, verdict }: CanaryLook, at: string, language: Language): string {
  const asks = verdict !== 'asked' && verdict !== 'went_on';
  return translate(language, `words.canaryLook.${asks ? 'found' : verdict}`, {
    ...counts,
    at,
    why: asks ? translate(language, `words.canaryWhy.${verdict}`) : '',
  });
}

/**
 * How the first people fared, or that only they get it yet; undefined where neither is so: everybody is among the first,
 * or the others get it already.
 */
export function canaryLine(
  { state, canary, canaryLook, ledger }: CanaryStatus,
  showTime: (at: Date) => string,
  language: Language,
): string | undefined {
  if (canaryLook) return canaryText(canaryLook, showTime(canaryLook.at), language);
  if (!canary || state !== 'running' || ledger.queued === 0) return undefined;
  const isAll = ledger.total - ledger.skipped <= canary.people;
  const isPassed = ledger.total - notTriedCount(ledger) > canary.people;
  return isAll || isPassed ? undefined : translate(language, 'words.canaryLook.first', { people: canary.people });
}

interface CanaryStatus {
  state: CampaignState;
  canary?: Pick<Canary, 'people'>;
  canaryLook?: CanaryLook;
  ledger: Ledger;
}
