/** What has failed of a campaign, by when sending again is worth it: as a document and as text. */
import type { CampaignStatus } from '../campaigns/contract';
import { translate } from '../config/i18n';
import type { RetryGroup } from '../domain/failure-advice';
import { meaningOf } from '../report/meaning';
import type { Services } from './services';

/** As `--when` takes them. */
export const WHEN_WORDS = ['now', 'later', 'after-fix', 'never'] as const;
export type When = (typeof WHEN_WORDS)[number];

const wordOf = ({ when }: RetryGroup): When => when.replace('_', '-') as When;
const adviceText = (advice: string): string => translate('en', `report.advice.${advice}`);

export function retryDocument({ id }: CampaignStatus, groups: readonly RetryGroup[]): { id: string; groups: object[] } {
  return {
    id,
    groups: groups.map((group) => ({
      when: wordOf(group),
      count: group.count,
      ...(group.notBefore && { notBefore: group.notBefore }),
      reasons: group.reasons.map(({ code, count, advice }) => ({
        ...{ code, count, meaning: meaningOf(code, 'en'), advice, advised: adviceText(advice) },
      })),
    })),
  };
}

export function retryText(
  { id, name, ledger }: CampaignStatus,
  groups: readonly RetryGroup[],
  showTime: Services['showTime'],
): string {
  if (groups.length === 0) return `${name} (${id}): nothing has failed.`;
  return [
    `${name} (${id}): ${ledger.failed} failed. When sending again is worth it:`,
    ...groups.flatMap((group) => [
      `${wordOf(group)}: ${group.count}${group.notBefore ? `, not before ${showTime(group.notBefore)}` : ''}`,
      ...group.reasons.map(
        ({ code, count, advice }) => `  ${count} × ${code} ${meaningOf(code, 'en')}: ${adviceText(advice)}`,
      ),
    ]),
  ].join('\n');
}

/** `later 13, never 4` */
export function namesOfGroups(groups: readonly RetryGroup[]): string {
  return groups.map((group) => `${wordOf(group)} ${group.count}`).join(', ');
}
