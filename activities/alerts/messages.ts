/** The alerts' messages: what happened, whom it concerns, what to do, and whether to press Resume. */
import { buttonData } from '../../clients/telegram-buttons';
import type { TeamMessage } from '../../clients/tell-team';
import { translate, type Language } from '../../config/i18n';
import { pricesOrNone } from '../../config/prices';
import { escapeHtml } from '../../config/text';
import { sendersAside } from '../../domain/campaign-senders';
import { waitsFor } from '../../domain/standing-aside';
import { pauseAdvice } from '../../domain/pause-advice';
import { LATE } from '../../domain/story/late-start';
import type { Trouble } from '../../domain/story/trouble';
import { buildReport } from '../../report/build';
import { explainTrouble, isDocumented } from '../../report/meaning';
import { renderMessage } from '../../report/message';
import { resultsOf } from '../../report/results';
import { resultsMessage } from '../../report/results-text';
import { createWords } from '../../report/words';
import type { AlertDocument } from '../../store/alerts';
import type { Store } from '../../store/connect';
import type { CampaignDocument } from '../../store/documents';
import { accountMessage, numberMessage, rateMessage, roomMessage, tierMessage, walletMessage } from './of-accounts';
import type { CampaignEvent } from '../contract';
import { createConcerned, quoted } from './concerned';
import { createDigestMessage } from './digest';
import type { AlertMessage } from './message';
import { categoryMessage, type CategoryPrices, qualityMessage, templateMessage } from './of-templates';
import { withRunbook } from './runbook';

/** Countries whose new prices are told: those sent to within this time (ms). */
const LATELY_MS = 90 * 86_400_000;
const MOST_COUNTRIES = 3;
/** Where nothing has been sent yet. */
const HOME = 'RU';

interface AlertMessagesOptions {
  store: Store;
  /** IANA zone of the times that are told. */
  timezone: string;
  /** Of the prices for reports; the bundled ones without it. */
  pricesFile?: string | undefined;
}

/** Undefined when there is nothing to tell any more. */
export function createAlertMessages({
  store,
  timezone,
  pricesFile,
}: AlertMessagesOptions): (alert: AlertDocument) => Promise<AlertMessage | undefined> {
  const concerned = createConcerned(store, timezone);
  const digest = createDigestMessage({ store, timezone });

  async function campaignPaused(
    campaignId: string,
    { is }: AlertDocument['condition'],
  ): Promise<AlertMessage | undefined> {
    const campaign = await store.campaigns.find(campaignId);
    // Resumed or ended before anybody could be told.
    if (campaign?.state !== 'paused' || pausedAs(campaign) !== is) return undefined;
    return {
      write: (to) => ({ text: pausedText(campaign, timezone, to), buttons: buttonsFor(campaign, 'paused', to) }),
      // The bot removes the buttons once they are no longer useful.
      onSent: ({ chatId, messageId }) => store.notices.add({ campaignId, chatId, messageId }),
    };
  }

  async function campaignEnded(campaignId: string): Promise<AlertMessage | undefined> {
    const campaign = await store.campaigns.find(campaignId);
    const report =
      campaign && (await buildReport(store, campaignId, { prices: await pricesOrNone(store.prices, pricesFile) }));
    if (!report?.ok) return undefined;
    return {
      write: (to) => ({
        text: renderMessage(report.value, { language: to, timezone }),
        buttons: [
          ...reportFiles(campaignId, report.value.ledger.failed > 0, to),
          ...buttonsFor(campaign!, 'ended', to),
        ],
      }),
      onSent: ({ chatId: id }) =>
        store.audit.record({
          at: new Date(),
          actor: { kind: 'telegram', id },
          action: 'report',
          what: 'sent at the end',
          campaignId,
        }),
    };
  }

  async function campaignAside(campaignId: string, back: string | undefined): Promise<AlertMessage | undefined> {
    const campaign = await store.campaigns.find(campaignId);
    if (!campaign) return undefined;
    const name = escapeHtml(campaign.spec.name);
    const aside = sendersAside(campaign);
    if (back !== undefined) {
      // It stands aside again.
      if (aside.some(({ sender }) => sender === back)) return undefined;
      const sender = escapeHtml(back);
      return {
        write: (to) => ({
          text: translate(to, 'report.senderBack', { name, sender }),
          buttons: buttonsFor(campaign, 'back', to),
        }),
      };
    }
    // All of them send again.
    if (aside.length === 0) return undefined;
    return {
      write: (to) => {
        const senders = aside
          .map(({ sender, trouble }) => {
            const then = translate(to, `words.waitsFor.${waitsFor(trouble)}`);
            return `${escapeHtml(sender)}: ${escapeHtml(inWords(trouble, to))}; ${then}.`;
          })
          .join('\n');
        return {
          text: translate(to, 'report.senderAside', { name, senders }),
          buttons: buttonsFor(campaign, 'aside', to),
        };
      },
    };
  }

  async function campaignResults(campaignId: string): Promise<AlertMessage | undefined> {
    const campaign = await store.campaigns.find(campaignId);
    const results = campaign && (await resultsOf(store, campaign));
    if (!results) return undefined;
    return {
      write: (to) => ({
        text: [
          translate(to, 'report.results.arrived', { name: quoted(campaign.spec) }),
          resultsMessage(results, createWords({ language: to, timezone }))
            .split('\n')
            .slice(1)
            .join('\n'),
        ].join('\n'),
        buttons: buttonsFor(campaign, 'results', to),
      }),
    };
  }

  const chainButton = (id: string, to: Language): NonNullable<TeamMessage['buttons']> => [
    [{ text: translate(to, 'bot.buttons.chainCampaign'), data: buttonData('campaign', id, 'chainPanel') }],
  ];

  async function chainPaused(campaignId: string): Promise<AlertMessage | undefined> {
    const campaign = await store.campaigns.find(campaignId);
    const { chain } = campaign ?? {};
    // Resumed or cancelled before anybody could be told.
    if (!campaign || chain?.state !== 'paused' || !chain.reason || !('why' in chain.reason)) return undefined;
    const { why } = chain.reason;
    return {
      write: (to) => ({
        text: translate(to, 'alerts.chain.paused', {
          name: quoted(campaign.spec),
          why: translate(to, `words.chainReasons.${why}`),
        }),
        buttons: chainButton(campaignId, to),
      }),
    };
  }

  async function chainEnded(campaignId: string): Promise<AlertMessage | undefined> {
    const { spec, chain } = (await store.campaigns.find(campaignId)) ?? {};
    if (!spec || chain?.state !== 'completed') return undefined;
    return {
      write: (to) => ({
        text: translate(to, 'alerts.chain.ended', { name: quoted(spec), count: chain.steps.length }),
        buttons: chainButton(campaignId, to),
      }),
    };
  }

  async function testFailed(campaignId: string): Promise<AlertMessage | undefined> {
    const [campaign, delivery] = await Promise.all([store.campaigns.find(campaignId), store.deliveries.find(campaignId, 0)]); // prettier-ignore
    if (!campaign || delivery?.state !== 'failed') return undefined;
    const { phone = '', code = '', detail = '' } = delivery;
    const values = { phone, template: escapeHtml(campaign.template.name) };
    return {
      write: (to) => ({
        text: translate(to, 'alerts.testFailed', { ...values, why: escapeHtml(inWords({ code, detail }, to)) }),
      }),
    };
  }

  /** Of the countries that most was sent to lately, else of the bundled prices' first interest, Russia. */
  async function categoryPrices(): Promise<CategoryPrices> {
    const now = new Date();
    const sums = new Map<string, number>();
    for (const { country, sent } of (await store.countryOutcomes.since(new Date(now.getTime() - LATELY_MS))).flat())
      if (country !== '') sums.set(country, (sums.get(country) ?? 0) + sent);
    const most = [...sums].toSorted(([, one], [, other]) => other - one).map(([country]) => country);
    const tables = (await pricesOrNone(store.prices, pricesFile)) ?? [];
    return {
      countries: most.length > 0 ? most.slice(0, MOST_COUNTRIES) : [HOME],
      tables,
      day: now.toISOString().slice(0, 'YYYY-MM-DD'.length),
    };
  }

  const plainMessage = async (alert: AlertDocument): Promise<AlertMessage | undefined> => {
    const { condition } = alert;
    switch (alert.kind) {
      case 'campaignPaused':
        return campaignPaused(alert.data.campaignId, condition);
      case 'campaignEnded':
        return campaignEnded(alert.data.campaignId);
      case 'campaignAside':
        return campaignAside(alert.data.campaignId, alert.data.back);
      case 'campaignResults':
        return campaignResults(alert.data.campaignId);
      case 'chainPaused':
        return chainPaused(alert.data.campaignId);
      case 'chainEnded':
        return chainEnded(alert.data.campaignId);
      case 'testFailed':
        return testFailed(alert.data.campaignId);
      case 'template':
        return templateMessage(condition.is, alert.data, await concerned.ofTemplate(alert.data));
      case 'templateQuality':
        return qualityMessage(condition.is, alert.data, await concerned.ofTemplate(alert.data));
      case 'templateCategory':
        return categoryMessage(alert.data, await categoryPrices());
      case 'account':
        return accountMessage(condition.is, alert.data.sender, await concerned.ofSender(alert.data.sender));
      case 'number':
        return numberMessage(condition.is, alert.data.sender);
      case 'tier':
        return tierMessage(alert.data.limit);
      case 'room':
        return roomMessage(condition.is, alert.data);
      case 'rate':
        return rateMessage(condition.is, alert.data);
      case 'wallet':
        return walletMessage(condition.is, alert.data);
      case 'crm': {
        const { account, kind, detail } = alert.data;
        const key = kind === 'blocked' ? 'crm.alertBlocked' : 'crm.alertUnauthorised';
        const values = { account: new URL(account).host, detail: escapeHtml(detail) };
        return { write: (to) => ({ text: translate(to, key, values) }) };
      }
      case 'digest':
        return digest(alert.data.day);
      case 'worker':
        // The bot tells it: without a worker nobody is here to.
        return undefined;
    }
  };

  return async (alert) => {
    const message = await plainMessage(alert);
    if (!message) return undefined;
    const write = async (to: Language): Promise<TeamMessage> => {
      const plain = await message.write(to);
      return { ...plain, text: withRunbook(plain.text, alert.kind, alert.condition.is, to) };
    };
    return { ...message, write };
  };
}

/** The condition of a paused campaign: another pause is another one. */
export function pausedAs({ stateChangedAt }: Pick<CampaignDocument, 'stateChangedAt'>): string {
  return stateChangedAt.toISOString();
}

/** The condition of a campaign one of whose senders stands aside or is back: another time is another one. */
export function asideAs({ recorded }: Pick<CampaignDocument, 'recorded'>): string {
  return String(recorded?.sender ?? 'at the start');
}

/** The bot's buttons for the report's files: who is told of the end wants to forward them. */
function reportFiles(id: string, hasFailed: boolean, to: Language): NonNullable<TeamMessage['buttons']> {
  const file = (kind: 'png' | 'xlsx' | 'failed'): { text: string; data: string } => ({
    text: translate(to, `bot.reports.files.${kind}`),
    data: buttonData('report', `c-${id}`, kind),
  });
  return [[file('png'), file('xlsx')], ...(hasFailed ? [[file('failed')]] : [])];
}

/** The bot's buttons for the campaign; its view arrives as a separate message. */
function buttonsFor(
  { _id: id, stateReason }: CampaignDocument,
  event: CampaignEvent,
  to: Language,
): NonNullable<TeamMessage['buttons']> {
  const button = (action: string, name = action): { text: string; data: string } => ({
    text: translate(to, `bot.buttons.${name}Campaign`),
    data: buttonData('campaign', id, action),
  });
  const look = [button('panel', 'open')];
  if (event !== 'paused') return [look];
  return [
    ...(asksForWinner(stateReason) ? [[button('winner')]] : []),
    [...(needsYes(stateReason) ? [] : [button('resume')]), button('cancel')],
    look,
  ];
}

const asksForWinner = (reason: CampaignDocument['stateReason']): boolean =>
  reason !== undefined && 'error' in reason && pauseAdvice(reason.error) === 'winner';

export const needsYes = (reason: CampaignDocument['stateReason']): boolean =>
  reason !== undefined && 'error' in reason && reason.error.code === 'approval_needed';

function pausedText(
  { spec, stateReason: reason, scheduledAt, createdAt }: CampaignDocument,
  timezone: string,
  to: Language,
): string {
  const name = escapeHtml(spec.name);
  const error = reason && 'error' in reason ? reason.error : undefined;
  if (error?.code === LATE) {
    const at = createWords({ language: to, timezone }).time(scheduledAt ?? createdAt);
    return translate(to, 'report.pausedByLateness', { name, at });
  }
  return translate(to, 'report.pausedByError', {
    name,
    detail: error ? escapeHtml(inWords(error, to)) : '',
    todo: error ? translate(to, `alerts.pause.${pauseAdvice(error)}`) : '',
  });
}

/** Includes the code if Gupshup or Meta document it; our own codes mean nothing to an admin. */
function inWords(trouble: Trouble, to: Language): string {
  const meaning = explainTrouble(trouble, to);
  return isDocumented(trouble.code) ? `${meaning} (${trouble.code})` : meaning;
}
