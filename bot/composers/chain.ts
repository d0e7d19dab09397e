/** The buttons of a started campaign's follow-ups: seen, paused, resumed, cancelled and edited as one thing. They work at any time, whatever else is open. */
import { Composer } from 'telegraf';
import type { CampaignStatus, FollowUpsStatus } from '../../campaigns/contract';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { Result } from '../../config/errors';
import { OPEN_CHAINS, type ChainState } from '../../domain/story/follow-ups';
import type { CampaignMessages } from '../campaign-messages';
import { pressedMessage, updateIdOf, type BotContext, type Press } from '../context';
import type { Progress } from '../progress';
import { renderChain, renderChainSure } from '../screens/chain';
import { openStep } from '../screens/follow-up';
import type { BotServices } from '../services/contract';

interface ChainOptions {
  services: Pick<BotServices, 'campaigns'>;
  progress: Progress;
  shown: CampaignMessages;
}

/** Whether they are where a command leads. A second tap finds them there, which is not a refusal. */
const IS_DONE: Record<'pause' | 'resume' | 'cancel', (state: ChainState) => boolean> = {
  pause: (state) => state === 'paused',
  resume: (state) => state !== 'paused' && OPEN_CHAINS.includes(state),
  cancel: (state) => state === 'cancelled',
};

export function chain({ services, progress, shown }: ChainOptions): Composer<BotContext> {
  const { followUps } = services.campaigns;
  const composer = new Composer<BotContext>();
  const button = (action: string, ...handler: Parameters<CampaignMessages['with']>): unknown =>
    composer.action(buttonPattern('campaign', ANY, action), shown.with(...handler));

  /** In place of the pressed message, which shows a campaign's progress no more. */
  async function show(
    ctx: Press,
    status: CampaignStatus,
    found: Result<FollowUpsStatus>,
    render: typeof renderChain = renderChain,
  ): Promise<void> {
    if (!found.ok) {
      await shown.show(ctx, status);
      return shown.refuse(ctx, found.refusal);
    }
    const messageId = pressedMessage(ctx);
    if (messageId !== undefined) await progress.unfollow(status.id, { chatId: ctx.chatId, messageId });
    await ctx.showScreen(render(found.value, ctx.texts));
  }

  button('chain', async (ctx, status) => show(ctx, status, await followUps.find(status.id)));
  // From a notice, which stays as it is.
  button(
    'chainPanel',
    async (ctx, status) => {
      const found = await followUps.find(status.id);
      if (!found.ok) return shown.refuse(ctx, found.refusal);
      await ctx.replyWithScreen(renderChain(found.value, ctx.texts));
    },
    { staysNotice: true },
  );
  button('chainPause', (ctx, status) => command(ctx, status, 'pause'));
  button('chainResume', (ctx, status) => command(ctx, status, 'resume'));
  button('chainCancel', async (ctx, status) => {
    const found = await followUps.find(status.id);
    const isOver = found.ok && !OPEN_CHAINS.includes(found.value.state);
    await show(ctx, status, found, isOver ? renderChain : renderChainSure);
  });
  button('chainCancel!', (ctx, status) => command(ctx, status, 'cancel'));
  composer.action(
    buttonPattern('campaign', ANY, 'chainEdit', ANY),
    shown.with(async (ctx, status) => {
      const found = await followUps.find(status.id);
      const step = found.ok ? openStep(found.value, Number(ctx.match[2])) : undefined;
      // It has begun since.
      if (!step) return show(ctx, status, found);
      await ctx.conversation.enterAside(step);
    }),
  );

  async function command(ctx: Press, status: CampaignStatus, name: keyof typeof IS_DONE): Promise<void> {
    const { actor: by, texts } = ctx;
    const given = await followUps[name](status.id, { by, updateId: updateIdOf(ctx) });
    if (given.ok) return show(ctx, status, given);
    const present = await followUps.find(status.id);
    await show(ctx, status, present);
    if (!present.ok) return;
    // The chain itself may have obeyed, and the step that is under way not.
    if (given.refusal.code !== 'follow_ups_state') return shown.refuse(ctx, given.refusal);
    if (IS_DONE[name](present.value.state)) return;
    // Another admin or the chain itself was faster: not the user's mistake.
    const words = { name: present.value.name, state: texts.word(`chainStates.${present.value.state}`) };
    await ctx.replyWithScreen({ html: texts.html('chain.noNeed', words), keyboard: [] });
  }

  return composer;
}
