/** The cards of campaigns that wait for a second person's yes: their buttons, and what they show once there is an answer. */
import { Composer } from 'telegraf';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { Logger } from '../../config/logger';
import { createAskedMessages } from '../asked-messages';
import { answerPress, pressedMessage, tellPresser, type BotContext, type Press } from '../context';
import type { Screen } from '../screen';
import type { ScreenMessages } from '../screen-messages';
import type { BotServices } from '../services/contract';
import type { Texts } from '../texts';

export interface ApprovalsOptions {
  messages: ScreenMessages;
  services: Pick<BotServices, 'approvals' | 'campaigns'>;
  textsFor(chatId: number): Promise<Texts>;
  logger: Logger;
}

export interface ApprovalCards {
  /** Their buttons, which answer their presses themselves. */
  buttons: Composer<BotContext>;
  /** One round over the cards of questions that are no longer open. Never rejects. */
  round(): Promise<void>;
}

export function createApprovalCards({ messages, services, textsFor, logger }: ApprovalsOptions): ApprovalCards {
  const { approvals, campaigns } = services;

  const { settleAll, round } = createAskedMessages({
    ...{ what: 'approvals', messages, textsFor, logger },
    open: () => approvals.shownOpen(),
    screenOf: async ({ _id }, texts): Promise<Screen> => ({
      html: (await approvals.card(_id, texts)) ?? '—',
      keyboard: [],
    }),
    shown: (id, message) => approvals.shown(id, message),
  });

  /** What became of the press, in a pop-up when it did nothing. */
  async function answered(ctx: Press, id: string, refusal?: string): Promise<void> {
    await tellPresser(ctx, refusal);
    const html = await approvals.card(id, ctx.texts);
    const open = (await campaigns.approvals.find(id))?.state === 'asked';
    const messageId = pressedMessage(ctx);
    // While the question is open its buttons stay for whoever may answer it.
    if (html !== undefined && !open) await ctx.showScreen({ html, keyboard: [] });
    else if (!open && messageId !== undefined) await messages.removeKeyboard(ctx.chatId, messageId);
    await settleAll();
  }

  const buttons = new Composer<BotContext>();
  buttons.action(buttonPattern('approval', ANY, ANY, 'yes'), async (ctx) => {
    const [, id = '', round = ''] = ctx.match;
    const approved = await campaigns.approvals.approve(id, { round, by: ctx.actor });
    await answered(ctx, id, approved.ok ? undefined : ctx.texts.refusalText(approved.refusal));
  });
  buttons.action(buttonPattern('approval', ANY, ANY, 'no'), async (ctx) => {
    const [, id = '', round = ''] = ctx.match;
    const found = await campaigns.approvals.find(id);
    const campaign = await campaigns.status(id);
    if (!found || found.state !== 'asked' || found.round !== round || !campaign.ok) return answered(ctx, id);
    await answerPress(ctx);
    return ctx.conversation.enterAside({ at: 'approvalReason', campaignId: id, name: campaign.value.name, round });
  });

  return { buttons, round };
}
