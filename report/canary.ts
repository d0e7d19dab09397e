/** How a campaign's first people fared, as the report says it. */
import { canaryText } from '../config/canary-text';
import { translate } from '../config/i18n';
import type { ReportedCampaign } from './data';
import type { Words } from './words';

/** None before they were looked at. */
export function canaryLines(
  { canaryLook }: Pick<ReportedCampaign, 'canaryLook'>,
  { language, time }: Pick<Words, 'language' | 'time'>,
): { label: string; text: string }[] {
  if (!canaryLook) return [];
  return [
    {
      label: translate(language, 'words.canaryLook.label'),
      text: canaryText(canaryLook, time(canaryLook.at), language),
    },
  ];
}
