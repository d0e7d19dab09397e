/** Tells admins in Telegram that a campaign stands still or has ended. */
import type { TelegramClient } from '../clients/telegram';
import { buttonData } from '../clients/telegram-buttons';
import { translate, type Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { escapeHtml } from '../config/text';
import { LATE } from '../domain/late-start';
import type { LeftOut } from '../domain/series';
import { buildReport } from '../report/build';
import { isDocumented, meaningOf } from '../report/meaning';
import { renderMessage } from '../report/message';
import { createWords } from '../report/words';
import type { Store } from '../store/connect';
import type { CampaignDocument } from '../store/documents';

export interface Notifier {
  /** Tells everybody who can be told. Throws when nobody could be, for a reason that may pass. */
  campaignChanged(campaign: CampaignDocument, event: 'paused' | 'ended'): Promise<void>;
  /** The same of firings of a series that made no campaign. */
  seriesLeftOut(leftOut: LeftOut): Promise<void>;
}

export interface NotifierOptions {
  store: Store;
  telegram: TelegramClient;
  /** Told of every error that makes a campaign stand still, whoever started it. */
  adminIds: readonly number[];
  language: Language;
  timezone: string;
  log: Logger;
}

/** What the bot has on the campaign itself; the look at it comes as a message of its own. */
function buttonsFor(id: string, event: 'paused' | 'ended', to: Language): { text: string; data: string }[][] {
  const button = (action: string, name = action): { text: string; data: string } => ({
    text: translate(to, `bot.buttons.${name}Campaign`),
    data: buttonData('campaign', id, action),
  });
  const look = [button('panel', 'open')];
  return event === 'paused' ? [[button('resume'), button('cancel')], look] : [look];
}

/** With the code where it is one that Gupshup or Meta document; ours say nothing to an admin. */
function inWords({ code, detail }: { code: string; detail: string }, to: Language): string {
  const meaning = meaningOf(code, to, detail);
  return isDocumented(code) ? `${meaning} (${code})` : meaning;
}

export function createNotifier({ store, telegram, adminIds, language, timezone, log }: NotifierOptions): Notifier {
  const showTime = (at: Date, to: Language): string => createWords({ language: to, timezone }).time(at);

  async function textFor(campaign: CampaignDocument, event: 'paused' | 'ended', to: Language): Promise<string> {
    if (event === 'ended') {
      const report = await buildReport(store, campaign._id);
      if (!report.ok) throw new Error(`campaign ${campaign._id} ended, but there is no report: ${report.refusal.code}`);
      return renderMessage(report.value, { language: to, timezone });
    }
    const reason = campaign.stateReason;
    if (reason && 'error' in reason && reason.error.code === LATE) {
      return translate(to, 'report.pausedByLateness', {
        name: escapeHtml(campaign.name),
        at: showTime(campaign.scheduledAt ?? campaign.createdAt, to),
      });
    }
    return translate(to, 'report.pausedByError', {
      name: escapeHtml(campaign.name),
      detail: reason && 'error' in reason ? escapeHtml(inWords(reason.error, to)) : '',
    });
  }

  /** Tells each chat in its language. Throws when nobody could be told, for a reason that may pass. */
  async function tellAll(
    chats: ReadonlySet<number>,
    subject: object,
    write: (to: Language) => Promise<{ text: string; buttons: { text: string; data: string }[][] }>,
    sent?: (message: { chatId: number; messageId: number }) => Promise<void>,
  ): Promise<void> {
    const failures: unknown[] = [];
    let told = 0;
    for (const chat of chats) {
      try {
        const { text, buttons } = await write((await store.users.find(chat))?.language ?? language);
        const messageId = await telegram.send(chat, text, buttons);
        if (messageId === undefined) {
          log.warn(subject, 'an admin cannot be written to in Telegram');
          continue;
        }
        told++;
        await sent?.({ chatId: chat, messageId });
      } catch (err) {
        failures.push(err);
        log.error({ err, ...subject }, 'an admin could not be told in Telegram');
      }
    }
    // Tried again only if nobody knows yet: those who do would be told again.
    if (told === 0 && failures.length > 0) throw failures[0];
  }

  return {
    async campaignChanged(campaign, event) {
      if (campaign.test) return;
      const chats = new Set(campaign.watchers.map(({ chatId }) => chatId));
      if (campaign.createdBy.kind === 'telegram') chats.add(campaign.createdBy.id);
      if (event === 'paused') adminIds.forEach((id) => chats.add(id));
      await tellAll(
        chats,
        { campaignId: campaign._id, event },
        async (to) => ({ text: await textFor(campaign, event, to), buttons: buttonsFor(campaign._id, event, to) }),
        // The bot takes the buttons back once they are of no use any more.
        event === 'paused' ? (message) => store.notices.add({ campaignId: campaign._id, ...message }) : undefined,
      );
    },

    seriesLeftOut: ({ seriesId, name, by, why, count }) =>
      tellAll(new Set([...(by.kind === 'telegram' ? [by.id] : []), ...adminIds]), { seriesId, why }, (to) =>
        Promise.resolve({
          text: translate(to, `report.seriesLeftOut.${why}`, { name: escapeHtml(name), count }),
          buttons: [],
        }),
      ),
  };
}
