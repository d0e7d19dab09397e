/** The question to a second person whether a campaign may go out: what they must see before they answer, and the outcome. */
import { translate, type Language } from '../config/i18n';
import { delayText } from '../config/spec-text';
import { escapeHtml, shorten } from '../config/text';
import type { ApprovalDocument } from '../store/approvals';
import type { CampaignDocument } from '../store/documents';
import type { By } from '../store/users';
import { createWords, type TextOptions } from './words';

/** Characters of the template's text that are shown. */
const SHOWN = 600;
/** The same of each follow-up. */
const SHOWN_OF_FOLLOW_UP = 200;

/** What a name of a person is shown as; asked of whoever stands in the message. */
export type NameOf = (by: By) => string;

/** People by the name that Telegram shows, else by their id. */
export function namesFrom(team: readonly { _id: number; name?: string }[], language: Language): NameOf {
  return (by) =>
    by.kind === 'telegram'
      ? (team.find(({ _id }) => _id === by.id)?.name ?? `ID ${by.id}`)
      : translate(language, `bot.team.by.${by.kind}`);
}

/** Telegram's HTML, whatever became of the question. */
export function renderApproval(
  one: ApprovalDocument,
  campaign: CampaignDocument,
  { nameOf, ...options }: TextOptions & { nameOf: NameOf },
): string {
  const words = createWords(options);
  const t = (key: string, values: Record<string, string | number> = {}): string =>
    translate(options.language, `report.approval.${key}`, values);
  const safe = (value: string): string => escapeHtml(value);
  const { facts, decision, again } = one;
  const { name, audienceLabel } = campaign.spec;
  const skipped = facts.total - facts.people;
  const reasons = facts.reasons.map((reason) => t(`reasons.${reason}`));
  const lines = [
    t(`title.${one.state}`, {
      by: decision ? safe(nameOf(decision.by)) : '',
      at: decision ? words.time(decision.at) : '',
    }),
    ...(decision?.reason ? [t('reason', { reason: safe(decision.reason) })] : []),
    '',
    t('campaign', {
      name: safe(name),
      template: safe(campaign.template.name),
      category: translate(options.language, `words.templateCategories.${facts.category}`),
    }),
    `<blockquote>${safe(shorten(campaign.template.body, SHOWN))}</blockquote>`,
    ...(campaign.chain?.steps ?? []).map(({ afterMs, to, content }, index) =>
      t('followUp', {
        ...{ step: index + 1, template: safe(content.name) },
        after: delayText(afterMs, options.language),
        to: translate(options.language, `words.followUpTo.${to}`),
        category: translate(options.language, `words.templateCategories.${content.category}`),
        text: safe(shorten(content.body, SHOWN_OF_FOLLOW_UP)),
      }),
    ),
    t('audience', { audience: safe(audienceLabel) }),
    t('people', { count: facts.people, skipped: words.number(skipped) }),
    ...Object.entries(facts.skips).map(
      ([reason, count]) => `· ${words.word('skipReasons', reason)}: ${words.number(count)}`,
    ),
    ...(facts.followUps ? [t('messages', { count: facts.people * (1 + facts.followUps.length) })] : []),
    facts.cost
      ? facts.followUps
        ? t('wholeCost', { sum: words.money(facts.cost.to, facts.cost.to, facts.cost.currency) })
        : t('cost', { sum: words.money(facts.cost.from, facts.cost.to, facts.cost.currency) })
      : t('costUnknown'),
    t('takes', { duration: words.duration(facts.seconds) }),
    ...(campaign.scheduledAt && campaign.state === 'scheduled'
      ? [t('startsAt', { at: words.time(campaign.scheduledAt) })]
      : []),
    t('makers', { by: safe(nameOf(campaign.createdBy)) }),
    t('why', { reasons: reasons.join(', ') }),
    ...(again ? [t(again.newcomers > 0 ? 'againPeople' : 'againChanged', { count: again.newcomers })] : []),
    ...(one.state === 'asked' ? ['', t('until', { at: words.time(one.endsAt) })] : []),
  ];
  return lines.join('\n');
}
