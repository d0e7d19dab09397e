/** Renders a campaign's status for the console tool. */
import type { CampaignStatus } from '../campaigns/contract';
import { canaryLine } from '../config/canary-text';
import type { Language } from '../config/i18n';
import { optionLines } from '../config/spec-text';
import type { CampaignOptions } from '../domain/campaign-spec';
import { DELIVERY_STATES } from '../domain/story/delivery';
import { doneCount } from '../domain/story/ledger';
import { explainTrouble, meaningOf } from '../report/meaning';
import type { Answer } from './answer';
import type { Services } from './services';
import { ENGLISH, type Speech } from './speech';

/** A status as a command's answer. */
export function statusAnswer(status: CampaignStatus, { showTime, common, speech }: Services): Answer {
  return { json: statusDocument(status), text: statusText(status, showTime, common().DEFAULT_TIMEZONE, speech) };
}

/** The document of `campaign status --json`: the fixed part first, in fixed order, then the rest. */
export function statusDocument(status: CampaignStatus): object {
  const { id, name, state, ledger, failures, skips, ...more } = status;
  const parts = Object.fromEntries(DELIVERY_STATES.map((delivery) => [delivery, ledger[delivery]]));
  return { id, name, state, ledger: { total: ledger.total, ...parts }, failures, skips, ...more };
}

/** The status as some lines of text. */
export function statusText(
  status: CampaignStatus,
  showTime: Services['showTime'],
  timezone: string,
  speech: Speech = ENGLISH,
): string {
  const { t, text, language } = speech;
  const { id, name, state, ledger, failures, skips, scheduledAt, opensAt, startedAt, endedAt } = status;
  const counts = DELIVERY_STATES.filter((delivery) => ledger[delivery] > 0).map(
    (delivery) => `${deliveryWord(delivery, speech)} ${ledger[delivery]}`,
  );
  const { template, audienceLabel: audience, sender } = status;
  const rate = Number(status.ratePerSecond.toPrecision(3));
  const firstPeople = canaryLine(status, showTime, language);
  const lines = [
    `${name} (${id}): ${stateWord(state, speech)}${reasonOf(status, speech)}`,
    t('template {{template}}, audience {{audience}}, sender {{sender}}, at most {{rate}} per second', {
      ...{ template, audience, sender, rate },
    }),
    ...(state === 'scheduled' && scheduledAt ? [t('starts {{at}}', { at: showTime(scheduledAt) })] : []),
    ...(startedAt
      ? [
          [
            t('started {{at}}', { at: showTime(startedAt) }),
            ...(endedAt ? [t('ended {{at}}', { at: showTime(endedAt) })] : []),
          ].join(', '),
        ]
      : []),
    ...optionTexts(status, timezone, language),
    ...(opensAt ? [t('closed until {{at}}', { at: showTime(opensAt) })] : []),
    ...(firstPeople === undefined ? [] : [firstPeople]),
    ...(status.waitsForRoom ? [roomLine(status.waitsForRoom, showTime, speech)] : []),
    ...(status.aside ?? []).map(({ sender: aside, trouble, since, waitsFor }) =>
      t('without {{sender}} since {{at}}: {{detail}} ({{code}}); {{then}}', {
        sender: aside,
        at: showTime(since ?? status.createdAt),
        detail: language === 'en' ? trouble.detail : explainTrouble(trouble, language),
        code: trouble.code,
        then:
          waitsFor === 'admin'
            ? t('once it is fixed: `campaign back {{id}}`', { id })
            : text(`words.waitsFor.${waitsFor}`),
      }),
    ),
    ...(status.slowed ?? []).map(({ sender: slow, perSecond, cap }) =>
      t(
        '{{sender}}: Gupshup takes only about {{rate}} per second (cap {{cap}}); lower the cap, or ask Gupshup for more',
        {
          ...{ sender: slow, rate: Number(perSecond.toPrecision(2)), cap },
        },
      ),
    ),
    ...(status.noWorker ? [noWorkerLine(status.noWorker, showTime, speech)] : []),
    `${t('{{total}} people', { total: ledger.total })}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    ...Object.entries(failures).map(
      ([code, count]) => `  ${deliveryWord('failed', speech)} ${count}: ${code} ${meaningOf(code, language)}`,
    ),
    ...Object.entries(skips).map(
      ([reason, count]) => `  ${deliveryWord('skipped', speech)} ${count}: ${text(`words.skipReasons.${reason}`)}`,
    ),
  ];
  return lines.join('\n');
}

function deliveryWord(state: (typeof DELIVERY_STATES)[number], { text }: Speech): string {
  return text(`words.deliveryStates.${state}`);
}

/** English readers see the state by its name, as every other command and the Temporal UI have it. */
function stateWord(state: string, { language, text }: Speech): string {
  return language === 'en' ? state : text(`words.campaignStates.${state}`);
}

/** The campaign's options, one per line; also for a campaign that is only being created. */
export function optionTexts(options: CampaignOptions, timezone: string, language: Language): string[] {
  return optionLines(options, { language, timezone }).map(({ label, text }) => `${label}: ${text}`);
}

function roomLine(
  { limit, kept, until }: NonNullable<CampaignStatus['waitsForRoom']>,
  showTime: Services['showTime'],
  { t }: Speech,
): string {
  if (kept)
    return t(
      'waiting: the messaging limit of {{limit}} people in 24 hours is reached but for {{kept}} kept for tests; next check for room {{at}}',
      { ...{ limit, kept, at: showTime(until) } },
    );
  return t('waiting: the messaging limit of {{limit}} people in 24 hours is reached; next check for room {{at}}', {
    ...{ limit, at: showTime(until) },
  });
}

export function noWorkerLine(
  { since }: NonNullable<CampaignStatus['noWorker']>,
  showTime: Services['showTime'],
  { t }: Speech,
): string {
  return since
    ? t('no worker is running, so it waits; the last one was seen {{at}}. Start one: `npm run worker`', {
        at: showTime(since),
      })
    : t('no worker is running, so it waits. Start one: `npm run worker`');
}

/** One line for a person who waits. */
export function progressLine(status: CampaignStatus, speech: Speech): string {
  const { t } = speech;
  const { state, ledger } = status;
  const { failed, unknown, skipped, total } = ledger;
  const nobody = status.noWorker ? ` ${t('(no worker is running: start one)')}` : '';
  const counts = t(
    '{{done}} of {{total}} done, {{delivered}} delivered, {{failed}} failed, {{unknown}} unknown, {{skipped}} skipped',
    { done: doneCount(ledger), delivered: ledger.delivered + ledger.read, ...{ total, failed, unknown, skipped } },
  );
  return `${stateWord(state, speech)}${reasonOf(status, speech)}${nobody}: ${counts}`;
}

function reasonOf({ stateReason }: CampaignStatus, { t, language }: Speech): string {
  if (!stateReason) return '';
  if ('by' in stateReason) return t(' by {{who}}', { who: stateReason.by });
  const { error } = stateReason;
  const detail = language === 'en' ? error.detail : explainTrouble(error, language);
  return t(' because of {{code}}: {{detail}}', { code: error.code, detail });
}
