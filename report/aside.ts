/** Which of a campaign's several senders cannot send, or could not at its end, in words. */
import type { Language } from '../config/i18n';
import type { ReportedCampaign } from './data';
import { explainTrouble } from './meaning';

/** One text a sender. */
export function asideTexts({ aside = [] }: Pick<ReportedCampaign, 'aside'>, language: Language): string[] {
  return aside.map(({ sender, trouble }) => `${sender} (${trouble.code}: ${explainTrouble(trouble, language)})`);
}
