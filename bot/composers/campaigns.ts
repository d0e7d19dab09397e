/** The buttons of campaigns: list, open, pause, resume, cancel, report. They work at any time, whatever else is open. */
import { commandFits, hasEnded, type CampaignState } from '../../domain/story/campaign';
import type { CampaignStatus } from '../../campaigns/contract';
import type { Refusal } from '../../config/errors';
import { createRetry } from './retry';
import type { Conversation, Turn } from '../conversation/conversation';
import type { Progress } from '../progress';
import { warning, withBanner, type Screen } from '../screen';
import { campaignButton, renderSure } from '../screens/campaign-progress';
import { renderCampaigns } from '../screens/campaigns';
import type { BotServices } from '../services/contract';
import type { TelegramPort } from '../telegram-port';

export interface CampaignPanel {
  list(turn: Turn, messageId: number | undefined, page: number): Promise<void>;
  /** A button of one campaign's message: the action and what belongs to it. */
  press(turn: Turn, messageId: number | undefined, id: string, parts: readonly string[]): Promise<void>;
}

export interface CampaignPanelOptions {
  port: TelegramPort;
  services: BotServices;
  progress: Progress;
  conversation: Conversation;
}

/** So many campaigns are listed; older ones are for the console. */
const LISTED = 100;

/** Where a command leads. A second tap finds the campaign there: that is no refusal. */
const LEADS_TO = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const satisfies Record<
  string,
  CampaignState
>;

export function createCampaignPanel({ port, services, progress, conversation }: CampaignPanelOptions): CampaignPanel {
  const { campaigns } = services;

  async function list(turn: Turn, messageId: number | undefined, page: number): Promise<void> {
    await port.show(turn.chatId, messageId, renderCampaigns(await campaigns.list({ limit: LISTED }), page, turn.texts));
  }

  /** Shows how the campaign is now, with the reason of a refusal below the message. */
  async function show(turn: Turn, messageId: number | undefined, status: CampaignStatus): Promise<void> {
    await progress.follow(turn.chatId, messageId, status, turn.texts);
  }

  async function say(turn: Turn, refusal: Refusal): Promise<void> {
    await port.send(turn.chatId, { html: warning(turn.texts, turn.texts.refusalText(refusal)), keyboard: [] });
  }

  async function ask(turn: Turn, messageId: number | undefined, status: CampaignStatus, screen: Screen): Promise<void> {
    const shownIn = await port.show(turn.chatId, messageId, screen);
    if (!hasEnded(status.state)) progress.hold({ chatId: turn.chatId, messageId: shownIn });
  }

  async function run(
    turn: Turn,
    messageId: number | undefined,
    status: CampaignStatus,
    command: keyof typeof LEADS_TO,
  ): Promise<void> {
    const taken = await campaigns.command(status.id, {
      command,
      by: turn.actor,
      updateId: `telegram-${turn.updateId}`,
    });
    if (taken.ok) return show(turn, messageId, taken.value);
    const present = await campaigns.status(status.id);
    if (!present.ok) return say(turn, taken.refusal);
    const { name, state } = present.value;
    await show(turn, messageId, present.value);
    if (state === LEADS_TO[command]) return;
    if (commandFits(command, state)) return say(turn, taken.refusal);
    // Somebody else was quicker, or the campaign was: no fault of whoever presses.
    const { texts, chatId } = turn;
    const html = texts.html('campaign.noNeed', { name, state: texts.word(`campaignStates.${state}`) });
    await port.send(chatId, { html, keyboard: [] });
  }

  async function report(turn: Turn, id: string): Promise<void> {
    const { chatId, texts } = turn;
    const html = await services.report.message(id, texts.language);
    if (!html.ok) return say(turn, html.refusal);
    await port.send(chatId, {
      html: html.value,
      keyboard: [[campaignButton(id, 'panel', texts.plain('buttons.openCampaign'))]],
    });
    const csv = await services.report.csv(id, texts.language);
    if (!csv.ok) return say(turn, csv.refusal);
    await port.sendFile(chatId, csv.value);
  }

  const again = createRetry({
    services,
    ask,
    show: async (turn, messageId, id) => {
      const present = await campaigns.status(id, { fresh: true });
      if (present.ok) await show(turn, messageId, present.value);
    },
    say: async (turn, html) => void (await port.send(turn.chatId, { html, keyboard: [] })),
    refuse: (turn, { refusal }) => say(turn, refusal),
  });

  return {
    list: async (turn, messageId, page) => {
      // The message shows the list now: whichever campaign it followed, it does so no more.
      if (messageId !== undefined) await forget({ chatId: turn.chatId, messageId });
      await list(turn, messageId, page);
    },

    press: async (turn, messageId, id, parts) => {
      const [action] = parts;
      const found = await campaigns.status(id, action === 'refresh' ? { fresh: true } : {});
      if (!found.ok) {
        const screen = renderCampaigns(await campaigns.list({ limit: LISTED }), 0, turn.texts);
        await port.show(
          turn.chatId,
          messageId,
          withBanner(screen, warning(turn.texts, turn.texts.refusalText(found.refusal))),
        );
        return;
      }
      const status = found.value;
      // The message shows the campaign itself from now on: it is a notice no more.
      if (messageId !== undefined && action !== 'panel')
        await services.notices.take({ chatId: turn.chatId, messageId });
      if (await again.press(turn, messageId, status, parts)) return;
      switch (action) {
        case 'pause':
        case 'resume':
          return run(turn, messageId, status, action);
        case 'cancel':
          return hasEnded(status.state)
            ? show(turn, messageId, status)
            : ask(turn, messageId, status, renderSure(status, 'cancel', turn.texts));
        case 'cancel!':
          return run(turn, messageId, status, 'cancel');
        case 'start':
          return status.state === 'draft'
            ? ask(turn, messageId, status, renderSure(status, 'start', turn.texts))
            : show(turn, messageId, status);
        case 'start!': {
          const started = await campaigns.start(id);
          if (!started.ok) await say(turn, started.refusal);
          return show(turn, messageId, started.ok ? started.value : status);
        }
        case 'reschedule':
          return conversation.aside(turn, { at: 'reschedule', campaignId: id, name: status.name });
        case 'repeat':
          return conversation.aside(turn, { at: 'repeat', campaignId: id, name: status.name });
        case 'setRate':
          return conversation.aside(turn, { at: 'rate', campaignId: id, name: status.name });
        case 'writeBack': {
          const orders = (await services.writeBack.status(id))?.orders ?? services.writeBack.always ?? {};
          return conversation.aside(turn, { at: 'writeBack', campaignId: id, name: status.name, orders });
        }
        // From a notice or a report, which stays as it is.
        case 'panel':
          return show(turn, undefined, status);
        case 'report':
          return report(turn, id);
        default:
          return show(turn, messageId, status);
      }
    },
  };

  async function forget(watcher: { chatId: number; messageId: number }): Promise<void> {
    for (const { campaignId, watchers } of await services.watchers.active()) {
      const follows = watchers.some((one) => one.chatId === watcher.chatId && one.messageId === watcher.messageId);
      if (follows) await progress.unfollow(campaignId, watcher);
    }
  }
}
