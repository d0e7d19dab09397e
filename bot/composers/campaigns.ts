/** /campaigns: the list, and the buttons of one: open, start, pause, resume, cancel. They work at any time, whatever else is open. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Composer } from 'telegraf';
import type { CampaignStatus } from '../../campaigns/contract';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import { commandFits, hasEnded, type CampaignState } from '../../domain/story/campaign';
import type { CampaignMessages } from '../campaign-messages';
import { named } from '../commands';
import { pressedMessage, updateIdOf, type BotContext, type Press } from '../context';
import type { Progress } from '../progress';
import { keyOf } from '../screen';
import { renderSure } from '../screens/campaigns';
import { mayChooseWinner, renderChooseWinner } from '../screens/winner';
import type { BotServices } from '../services/contract';

export interface CampaignsOptions {
  services: Pick<BotServices, 'campaigns' | 'report' | 'watchers' | 'writeBack'>;
  progress: Progress;
  shown: CampaignMessages;
}

/** A press without an answer for so long (ms) feels lost. */
const AT_ONCE_MS = 300;

async function takesLong(work: Promise<unknown>): Promise<boolean> {
  const settled = work.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, sleep(AT_ONCE_MS, true)]);
}

/** The state a command leads to. A second tap finds the campaign there, which is not a refusal. */
const LEADS_TO = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const satisfies Record<
  string,
  CampaignState
>;

export function campaigns({ services, progress, shown }: CampaignsOptions): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  const list = async (ctx: BotContext): Promise<unknown> => ctx.replyWithScreen(await shown.list(ctx, 0));
  composer.command(named('campaigns'), async (ctx) => {
    const words = ctx.payload.trim();
    return words === '' ? list(ctx) : ctx.replyWithScreen(await shown.found(ctx, words));
  });
  composer.action(buttonPattern('menu', 'campaigns'), list);
  composer.action(buttonPattern('campaigns', ANY), async (ctx) => {
    await forget({ chatId: ctx.chatId, messageId: pressedMessage(ctx) });
    await ctx.showScreen(await shown.list(ctx, Number(ctx.match[1]) || 0));
  });

  /** A button of one campaign. */
  const button = (action: string, ...handler: Parameters<CampaignMessages['with']>): unknown =>
    composer.action(buttonPattern('campaign', ANY, action), shown.with(...handler));

  button('open', shown.show);
  button('refresh', shown.show, { fresh: true });
  // From a notice or a report, which stays as it is.
  button('panel', shown.showBelow, { staysNotice: true });
  button('pause', (ctx, status) => command(ctx, status, 'pause'));
  button('resume', (ctx, status) => command(ctx, status, 'resume'));
  button('cancel', (ctx, status) =>
    hasEnded(status.state) ? shown.show(ctx, status) : shown.ask(ctx, status, renderSure(status, 'cancel', ctx.texts)),
  );
  button('cancel!', (ctx, status) => command(ctx, status, 'cancel'));
  button('start', (ctx, status) =>
    status.state === 'draft' ? shown.ask(ctx, status, renderSure(status, 'start', ctx.texts)) : shown.show(ctx, status),
  );
  button('start!', async (ctx, status) => {
    const started = await services.campaigns.start(status.id, { by: ctx.actor });
    if (!started.ok) await shown.refuse(ctx, started.refusal);
    await shown.show(ctx, started.ok ? started.value : status);
  });

  button('reschedule', ({ conversation }, { id, name }) =>
    conversation.enterAside({ at: 'reschedule', campaignId: id, name }),
  );
  button('repeat', ({ conversation }, { id, name }) => conversation.enterAside({ at: 'repeat', campaignId: id, name }));
  button('setRate', ({ conversation }, { id, name }) => conversation.enterAside({ at: 'rate', campaignId: id, name }));
  button('writeBack', async ({ conversation }, { id, name }) => {
    const orders = (await services.writeBack.status(id))?.orders ?? services.writeBack.always ?? {};
    await conversation.enterAside({ at: 'writeBack', campaignId: id, name, orders });
  });

  button(
    'winner',
    async (ctx, status) => {
      if (!mayChooseWinner(status)) return shown.show(ctx, status);
      const figures = await services.report.variants(status.id, ctx.texts.language);
      return shown.ask(ctx, status, renderChooseWinner(status, figures, ctx.texts));
    },
    { fresh: true },
  );
  composer.action(
    buttonPattern('campaign', ANY, 'winner!', ANY),
    shown.with(async (ctx, status) => {
      const variant = Number(ctx.match[2]);
      const updateId = updateIdOf(ctx);
      const request = { command: 'chooseWinner', variant, by: ctx.actor, updateId } as const;
      const chosen = await services.campaigns.command(status.id, request);
      await shown.show(ctx, chosen.ok ? chosen.value : status);
      if (!chosen.ok) await shown.refuse(ctx, chosen.refusal);
    }),
  );

  // Slower or faster: the rate stands in the button.
  composer.action(
    buttonPattern('campaign', ANY, 'rate', ANY),
    shown.with(async (ctx, status) => {
      const ratePerSecond = Math.min(Number(ctx.match[2]), status.capPerSecond);
      const { actor: by } = ctx;
      const updateId = updateIdOf(ctx);
      const changed = await services.campaigns.command(status.id, { command: 'setRate', ratePerSecond, by, updateId });
      await shown.show(ctx, changed.ok ? changed.value : status);
      if (!changed.ok) await shown.refuse(ctx, changed.refusal);
    }),
  );

  // A sender that stands aside: a key of its name stands in the button.
  composer.action(
    buttonPattern('campaign', ANY, 'back', ANY),
    shown.with(async (ctx, status) => {
      const sender = status.aside?.find((one) => keyOf(one.sender) === ctx.match[2])?.sender;
      // It is back already.
      if (sender === undefined) return shown.show(ctx, status);
      const { actor: by } = ctx;
      const updateId = updateIdOf(ctx);
      const taken = await services.campaigns.command(status.id, { command: 'back', sender, by, updateId });
      await shown.show(ctx, taken.ok ? taken.value : status);
      if (!taken.ok) await shown.refuse(ctx, taken.refusal);
    }),
  );

  async function command(ctx: Press, status: CampaignStatus, name: keyof typeof LEADS_TO): Promise<void> {
    const { actor: by, texts } = ctx;
    const updateId = updateIdOf(ctx);
    const giving = services.campaigns.command(status.id, { command: name, by, updateId });
    // A cancel takes effect with the last send in flight: that it was heard is said at once.
    if (name === 'cancel' && commandFits(name, status.state) && (await takesLong(giving)))
      await shown.show(ctx, { ...status, cancelling: true });
    const taken = await giving;
    if (taken.ok) return shown.show(ctx, taken.value);
    const present = await services.campaigns.status(status.id);
    if (!present.ok) return shown.refuse(ctx, taken.refusal);
    const { state } = present.value;
    await shown.show(ctx, present.value);
    if (state === LEADS_TO[name]) return;
    if (commandFits(name, state)) return shown.refuse(ctx, taken.refusal);
    // Another admin or the campaign itself was faster: not the user's mistake.
    const words = { name: present.value.name, state: texts.word(`campaignStates.${state}`) };
    await ctx.replyWithScreen({ html: texts.html('campaign.noNeed', words), keyboard: [] });
  }

  /** The message shows the list now: it follows no campaign any more. */
  async function forget({ chatId, messageId }: { chatId: number; messageId: number | undefined }): Promise<void> {
    if (messageId === undefined) return;
    for (const { campaignId, watchers } of await services.watchers.active()) {
      const follows = watchers.some((one) => one.chatId === chatId && one.messageId === messageId);
      if (follows) await progress.unfollow(campaignId, { chatId, messageId });
    }
  }
  return composer;
}
