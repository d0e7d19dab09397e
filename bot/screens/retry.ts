/** Resending: to failed deliveries, and what to do about unknown ones. */
import type { CampaignStatus } from '../../campaigns/contract';
import { hasEnded } from '../../domain/story/campaign';
import { policyFor, policyForHttp } from '../../domain/error-policy';
import { meaningOf } from '../../report/meaning';
import { buttonData } from '../../clients/telegram-buttons';
import { rowsOf, type Button, type Screen } from '../screen';
import type { FollowUp } from '../services/contract';
import { Html, shorten, type Texts } from '../texts';
import { campaignButton } from './campaigns';

/** So many reasons are named; the rest is counted with the families. */
const SHOWN_REASONS = 5;

/** Asks to whom to resend. `press` identifies this display: repeated presses of its buttons are one command. */
export function renderRetry(
  status: CampaignStatus,
  followUps: readonly FollowUp[],
  press: string,
  texts: Texts,
): Screen {
  const { id, name, failures, ledger, state } = status;
  const reasons = Object.entries(failures).sort(([, a], [, b]) => b - a);
  const lines = reasons
    .slice(0, SHOWN_REASONS)
    .map(([code, count]) =>
      texts.html('retry.line', { meaning: shorten(meaningOf(code, texts.language), 80), code, count }),
    );
  if (reasons.length > SHOWN_REASONS) lines.push(texts.html('retry.more'));
  const families = new Map<string, number>();
  for (const [code, count] of reasons) families.set(familyOf(code), (families.get(familyOf(code)) ?? 0) + count);
  const button = (family: string, text: string): Button => ({
    text,
    data: buttonData('campaign', id, 'retry!', press, family),
  });
  const some = [...families].map(([family, count]) =>
    button(family, texts.plain(`retry.families.${family}`, { count })),
  );
  return {
    html: [
      texts.html('retry.retry', {
        name,
        lines: new Html(lines.join('\n')),
        how: texts.plain(`retry.how.${hasEnded(state) ? 'ended' : 'running'}`),
      }),
      ...repeatedLines(followUps, texts),
    ].join('\n\n'),
    keyboard: [
      [button('', texts.plain('retry.all', { count: ledger.failed }))],
      ...(some.length > 1 ? rowsOf(some, 1) : []),
      [campaignButton(id, 'open', texts.plain('buttons.no'))],
    ],
  };
}

/** The family that the deliveries of a code carry; an HTTP status stands for its own. */
function familyOf(code: string): string {
  const [, status] = /^http_(\d{3})$/.exec(code) ?? [];
  return (status ? policyForHttp(Number(status)) : policyFor(code)).family;
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
