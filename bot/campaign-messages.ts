/** The messages that show one campaign: what the buttons of its composers have in common. */
import type { CampaignStatus } from '../campaigns/contract';
import type { Refusal } from '../config/errors';
import { hasEnded } from '../domain/story/campaign';
import { pressedMessage, type BotContext, type Press } from './context';
import type { Progress } from './progress';
import { warning, withBanner, type Screen } from './screen';
import { renderCampaigns, renderFoundCampaigns } from './screens/campaigns';
import type { BotServices } from './services/contract';

export interface CampaignMessages {
  /** Shows how the campaign is now in the pressed message, and keeps it in step. */
  show(ctx: BotContext, status: CampaignStatus): Promise<void>;
  /** The same in a new message, from one that stays as it is. */
  showBelow(ctx: BotContext, status: CampaignStatus): Promise<void>;
  /** Asks in the campaign's message, which the progress leaves alone for a while. */
  ask(ctx: BotContext, status: CampaignStatus, screen: Screen): Promise<void>;
  /** The refusal in words, as a separate message. */
  refuse(ctx: BotContext, refusal: Refusal): Promise<void>;
  /** The list of campaigns. */
  list(ctx: BotContext, page: number): Promise<Screen>;
  /** Those whose name has all the words. */
  found(ctx: BotContext, words: string): Promise<Screen>;
  /**
   * For `composer.action` on campaign buttons, whose data begins with the campaign's id: the handler gets the current
   * campaign. If it no longer exists, the list is shown with the reason.
   */
  with(
    handler: (ctx: Press, status: CampaignStatus) => Promise<unknown>,
    options?: { fresh?: true; staysNotice?: true },
  ): (ctx: Press) => Promise<unknown>;
}

/** Maximum campaigns listed; use the console for older ones. */
const LISTED = 100;
/** Looked through for a name. */
const SEARCHED = 300;

export function createCampaignMessages(
  { campaigns, notices }: Pick<BotServices, 'campaigns' | 'notices'>,
  progress: Progress,
): CampaignMessages {
  const list: CampaignMessages['list'] = async ({ texts }, page) =>
    renderCampaigns(await campaigns.list({ limit: LISTED }), page, texts);

  const found: CampaignMessages['found'] = async ({ texts }, words) => {
    const wanted = words.toLowerCase().split(/\s+/);
    const all = await campaigns.list({ limit: SEARCHED });
    const fitting = all.filter(({ name }) => wanted.every((word) => name.toLowerCase().includes(word)));
    return renderFoundCampaigns(fitting, words, texts);
  };

  return {
    list,
    found,
    show: async (ctx, status) => void (await progress.follow(ctx.chatId, pressedMessage(ctx), status, ctx.texts)),
    showBelow: async ({ chatId, texts }, status) => void (await progress.follow(chatId, undefined, status, texts)),
    ask: async (ctx, status, screen) => {
      const messageId = await ctx.showScreen(screen);
      if (!hasEnded(status.state)) progress.hold({ chatId: ctx.chatId, messageId });
    },
    refuse: async (ctx, refusal) =>
      void (await ctx.replyWithScreen({ html: warning(ctx.texts, ctx.texts.refusalText(refusal)), keyboard: [] })),
    with:
      (handler, { fresh, staysNotice } = {}) =>
      async (ctx) => {
        const { texts, chatId } = ctx;
        const messageId = pressedMessage(ctx);
        const [found] = await Promise.all([
          campaigns.status(ctx.match[1] ?? '', fresh ? { fresh } : {}),
          // The message shows something else from now on: it is a notice no more.
          messageId !== undefined && !staysNotice && notices.take({ chatId, messageId }),
        ]);
        if (!found.ok) {
          return ctx.showScreen(withBanner(await list(ctx, 0), warning(texts, texts.refusalText(found.refusal))));
        }
        return handler(ctx, found.value);
      },
  };
}
