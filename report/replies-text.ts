/** What became of a campaign's replies, in a line. */
import { spanText } from '../config/spec-text';
import type { ReportData } from './data';
import type { Words } from './words';

/** Undefined when there were none to deal with. */
export function repliesText({ replies }: Pick<ReportData, 'replies'>, { t, language }: Words): string | undefined {
  if (!replies) return undefined;
  const { medianSeconds, ...counts } = replies;
  const said = t('repliesLine.counts', { ...counts });
  if (medianSeconds === undefined) return said;
  return `${said} ${t('repliesLine.median', { span: spanText(medianSeconds, language) })}`;
}
