/** What has failed of a campaign, by when sending again is worth it: as a document and as text. */
import type { CampaignStatus } from '../campaigns/contract';
import { translate, type Language } from '../config/i18n';
import type { RetryGroup } from '../domain/failure-advice';
import { meaningOf } from '../report/meaning';
import type { Services } from './services';

/** As `--when` takes them. */
export const WHEN_WORDS = ['now', 'later', 'after-fix', 'never'] as const;
export type When = (typeof WHEN_WORDS)[number];

const wordOf = ({ when }: RetryGroup): When => when.replace('_', '-') as When;
const adviceText = (advice: string, language: Language): string => translate(language, `report.advice.${advice}`);

export function retryDocument({ id }: CampaignStatus, groups: readonly RetryGroup[]): { id: string; groups: object[] } {
  return {
    id,
    groups: groups.map((group) => ({
      when: wordOf(group),
      count: group.count,
      ...(group.notBefore && { notBefore: group.notBefore }),
      reasons: group.reasons.map(({ code, count, advice }) => ({
        ...{ code, count, meaning: meaningOf(code, 'en'), advice, advised: adviceText(advice, 'en') },
      })),
    })),
  };
}

export function retryText(
  { id, name, ledger }: CampaignStatus,
  groups: readonly RetryGroup[],
  { showTime, speech: { t, language } }: Pick<Services, 'showTime' | 'speech'>,
): string {
  if (groups.length === 0) return t('{{name}} ({{id}}): nothing has failed.', { name, id });
  return [
    t('{{name}} ({{id}}): {{failed}} failed. When sending again is worth it:', { name, id, failed: ledger.failed }),
    ...groups.flatMap((group) => [
      `${wordOf(group)}: ${group.count}${group.notBefore ? t(', not before {{at}}', { at: showTime(group.notBefore) }) : ''}`,
      ...group.reasons.map(
        ({ code, count, advice }) =>
          `  ${count} × ${code} ${meaningOf(code, language)}: ${adviceText(advice, language)}`,
      ),
    ]),
  ].join('\n');
}

/** `later 13, never 4` */
export function namesOfGroups(groups: readonly RetryGroup[]): string {
  return groups.map((group) => `${wordOf(group)} ${group.count}`).join(', ');
}
