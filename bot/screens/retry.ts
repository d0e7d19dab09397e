/** Resending: to failed deliveries, and what to do about unknown ones. */
import type { CampaignStatus } from '../../campaigns/contract';
import { hasEnded } from '../../domain/story/campaign';
import { translate } from '../../config/i18n';
import { planRetry, type RetryGroup } from '../../domain/failure-advice';
import { meaningOf } from '../../report/meaning';
import { buttonData } from '../../clients/telegram-buttons';
import type { Button, Screen } from '../screen';
import type { FollowUp } from '../services/contract';
import { Html, shorten, type Texts } from '../texts';
import { campaignButton } from './campaigns';

/** So many reasons of a group are named. */
const SHOWN_REASONS = 4;

/** The failed deliveries by when sending again is worth it. */
export function retryPlanOf({ failures, endedAt }: CampaignStatus, now: Date): RetryGroup[] {
  return planRetry(failures, { failedBy: endedAt ?? now, now });
}

/** Asks to whom to resend, and when. `press` identifies this display: repeated presses of its buttons are one command. */
export function renderRetry(
  status: CampaignStatus,
  followUps: readonly FollowUp[],
  { press, now }: { press: string; now: Date },
  texts: Texts,
): Screen {
  const { id, name, state } = status;
  const ended = hasEnded(state);
  const groups = retryPlanOf(status, now);
  // A running campaign takes them back at once: it can wait for nobody.
  const offered = groups.filter(({ when }) => when !== 'never' && (ended || when !== 'later'));
  const waits = !ended && groups.some(({ when }) => when === 'later');
  return {
    html: [
      texts.html('retry.retry', {
        name,
        lines: new Html(groups.map((group) => groupLines(group, texts)).join('\n\n')),
        how: [
          texts.plain(`retry.how.${ended ? 'ended' : 'running'}`),
          ...(waits ? [texts.plain('retry.waits')] : []),
        ].join(' '),
      }),
      ...repeatedLines(followUps, texts),
    ].join('\n\n'),
    keyboard: [
      ...offered.map(({ when, count, notBefore }): Button[] => [
        {
          text: texts.plain(`retry.times.${when}`, { count, at: notBefore ? texts.shortTime(notBefore) : '' }),
          data: buttonData('campaign', id, 'retry!', press, when),
        },
      ]),
      [campaignButton(id, 'open', texts.plain('buttons.no'))],
    ],
  };
}

function groupLines({ when, count, notBefore, reasons }: RetryGroup, texts: Texts): string {
  const lines = reasons.slice(0, SHOWN_REASONS).map(({ code, count, advice }) =>
    texts.html('retry.line', {
      meaning: shorten(meaningOf(code, texts.language), 80),
      code,
      count,
      advice: translate(texts.language, `report.advice.${advice}`),
    }),
  );
  const head = texts.html(`retry.groups.${when}`, { count, at: notBefore ? texts.shortTime(notBefore) : '' });
  return [head, ...lines, ...(reasons.length > SHOWN_REASONS ? ['• …'] : [])].join('\n');
}

export function renderUnknown({ id, name, ledger }: CampaignStatus, press: string, texts: Texts): Screen {
  return {
    html: texts.html('retry.unknown', { name, count: ledger.unknown }),
    keyboard: [
      [campaignButton(id, 'assume!', texts.plain('retry.assume'))],
      [{ text: texts.plain('retry.resend'), data: buttonData('campaign', id, 'resend', press) }],
      [campaignButton(id, 'open', texts.plain('buttons.no'))],
    ],
  };
}

/** Confirms before a person may get it twice. */
export function renderResendSure(
  { id, ledger }: CampaignStatus,
  followUps: readonly FollowUp[],
  press: string,
  texts: Texts,
): Screen {
  return {
    html: [texts.html('retry.sure', { count: ledger.unknown }), ...repeatedLines(followUps, texts)].join('\n\n'),
    keyboard: [
      [
        {
          text: texts.plain('retry.sureYes'),
          data: buttonData('campaign', id, 'resend!', press),
          style: 'danger',
        },
      ],
      [campaignButton(id, 'open', texts.plain('buttons.no'))],
    ],
  };
}

function repeatedLines([latest]: readonly FollowUp[], texts: Texts): string[] {
  if (!latest) return [];
  return [texts.html('retry.repeated', { name: latest.name, at: texts.time(latest.createdAt) })];
}
