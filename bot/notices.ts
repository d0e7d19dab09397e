/** Updates notices about paused campaigns: once a campaign is no longer paused, they say so and lose their buttons. */
import type { CampaignStatus } from '../campaigns/contract';
import type { Logger } from '../config/logger';
import { hasEnded } from '../domain/story/campaign';
import type { Screen } from './screen';
import { campaignButton, STATE_SIGNS } from './screens/campaigns';
import type { BotServices } from './services/contract';
import type { ScreenMessages } from './screen-messages';
import { Unreachable } from './telegram-answers';
import type { Texts } from './texts';

export interface NoticesOptions {
  messages: ScreenMessages;
  services: Pick<BotServices, 'campaigns' | 'notices'>;
  textsFor(chatId: number): Promise<Texts>;
  logger: Logger;
}

/** One round over all notices. Never rejects: the next round tries again what could not be done. */
export function createNoticeRound({ messages, services, textsFor, logger }: NoticesOptions): () => Promise<void> {
  async function settle(notice: Awaited<ReturnType<BotServices['notices']['all']>>[number]): Promise<void> {
    const { campaignId, chatId, messageId } = notice;
    const found = await services.campaigns.status(campaignId);
    if (found.ok ? found.value.state === 'paused' : found.refusal.code !== 'campaign_not_found') return;
    // An admin may have pressed its button meanwhile: then it shows the campaign itself.
    if (!(await services.notices.take(notice))) return;
    if (!found.ok) return messages.removeKeyboard(chatId, messageId);
    const screen = renderOver(found.value, await textsFor(chatId));
    if ((await messages.tryEdit(chatId, messageId, screen)) === 'later') await services.notices.add(notice);
  }

  return async () => {
    try {
      for (const notice of await services.notices.all()) {
        await settle(notice).catch((error: unknown) => {
          if (!(error instanceof Unreachable)) logger.warn({ err: error }, 'could not change a notice');
        });
      }
    } catch (error) {
      logger.warn({ err: error }, 'notices: round failed, the next one tries again');
    }
  };
}

function renderOver({ id, name, state }: CampaignStatus, texts: Texts): Screen {
  return {
    html: texts.html(hasEnded(state) ? 'campaign.noticeEnded' : 'campaign.noticeOver', {
      sign: STATE_SIGNS[state],
      name,
      state: texts.word(`campaignStates.${state}`),
    }),
    keyboard: [[campaignButton(id, 'panel', texts.plain('buttons.openCampaign'))]],
  };
}
