/** What was written back to the CRM, as lines of a report. */
import { translate } from '../config/i18n';
import { WRITE_BACK_KINDS } from '../domain/story/write-back';
import type { ReportData } from './data';
import type { Words } from './words';

/** A heading and a line a kind; nothing when nothing was ordered. */
export function writeBackLines({ writeBack }: Pick<ReportData, 'writeBack'>, { language, number }: Words): string[] {
  if (!writeBack) return [];
  const { counts, endedAt } = writeBack;
  const t = (key: string, n = 0): string => translate(language, `crm.report.${key}`, { n: number(n) });
  const lines = WRITE_BACK_KINDS.flatMap((kind) => {
    const count = counts[kind];
    if (!count) return [];
    const { written, refused, left } = count;
    const others = [...(refused > 0 ? [t('refused', refused)] : []), ...(left > 0 ? [t('left', left)] : [])];
    return [[t(kind, written), ...others].join(', ')];
  });
  return [t(endedAt ? 'title' : 'going'), ...lines];
}
