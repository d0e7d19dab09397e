/** The buttons with which a campaign resends: to failed deliveries, and to unknown ones. */
import { nanoid } from 'nanoid';
import { Composer } from 'telegraf';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { Result } from '../../config/errors';
import type { CampaignMessages } from '../campaign-messages';
import type { BotContext, Press } from '../context';
import { renderResendSure, renderRetry, renderUnknown, retryPlanOf } from '../screens/retry';
import type { BotServices } from '../services/contract';

export interface RetryOptions {
  services: Pick<BotServices, 'campaigns' | 'followUps'>;
  shown: CampaignMessages;
  now(): Date;
}

const PRESS_LENGTH = 8;

/** Each display of a question has its own id in its buttons: repeated presses are one command. */
export function retry({ services: { campaigns, followUps }, shown, now }: RetryOptions): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const button = (parts: (string | RegExp)[], handler: Parameters<CampaignMessages['with']>[0]): unknown =>
    composer.action(buttonPattern('campaign', ANY, ...parts), shown.with(handler));

  // The questions; when there is nobody left to ask about, the campaign as it is.
  button(['retry'], async (ctx, status) => {
    if (status.ledger.failed === 0) return shown.show(ctx, status);
    return shown.ask(
      ctx,
      status,
      renderRetry(status, await followUps(status.id, 'failed'), { press: nanoid(PRESS_LENGTH), now: now() }, ctx.texts),
    );
  });
  button(['unknown'], async (ctx, status) =>
    status.ledger.unknown === 0
      ? shown.show(ctx, status)
      : shown.ask(ctx, status, renderUnknown(status, nanoid(PRESS_LENGTH), ctx.texts)),
  );
  button(['resend', ANY], async (ctx, status) => {
    if (status.ledger.unknown === 0) return shown.show(ctx, status);
    const earlier = await followUps(status.id, 'unknown');
    return shown.ask(ctx, status, renderResendSure(status, earlier, ctx.match[2] ?? '', ctx.texts));
  });

  // And what is pressed in them.
  button(['retry!', ANY, ANY], async (ctx, status) => {
    const { id } = status;
    const [, , press, when] = ctx.match;
    // What was worth it when the question was asked may have changed since, as may who failed.
    const group = retryPlanOf(status, now()).find((one) => one.when === when);
    const retried = await followUps(id, 'failed');
    if (status.ledger.failed === 0) return shown.show(ctx, status);
    if (!group) {
      return shown.ask(
        ctx,
        status,
        renderRetry(status, retried, { press: nanoid(PRESS_LENGTH), now: now() }, ctx.texts),
      );
    }
    const { reasons, notBefore: at } = group;
    const codes = reasons.map(({ code }) => code);
    const request = { codes, by: ctx.actor, updateId: `retry-${press}`, ...(at && { at }) };
    await tell(ctx, id, await campaigns.retryFailed(id, request), at);
  });
  button(['resend!', ANY], async (ctx, { id }) => {
    const request = { choice: 'send_again', by: ctx.actor, updateId: `retry-${ctx.match[2]}` } as const;
    await tell(ctx, id, await campaigns.decideUnknown(id, request));
  });
  button(['assume!'], async (ctx, { id, ledger }) => {
    const taken = await campaigns.decideUnknown(id, { choice: 'assume_sent', by: ctx.actor });
    await showAnew(ctx, id, shown.show);
    if (!taken.ok) return shown.refuse(ctx, taken.refusal);
    const { count } = taken.value;
    return count > 0 || ledger.unknown > 0 ? say(ctx, 'retry.assumed', count) : undefined;
  });

  /** Reports the result; retries of an ended campaign continue in a new one. */
  async function tell(ctx: Press, id: string, taken: Result<{ id: string; count: number }>, at?: Date): Promise<void> {
    await showAnew(ctx, id, shown.show);
    if (!taken.ok) return shown.refuse(ctx, taken.refusal);
    const { count } = taken.value;
    if (taken.value.id === id) return say(ctx, 'retry.retried', count);
    await say(ctx, at ? 'retry.scheduled' : 'retry.started', count, at);
    await showAnew(ctx, taken.value.id, shown.showBelow);
  }

  async function say(ctx: BotContext, key: string, count: number, at?: Date): Promise<void> {
    const { texts } = ctx;
    const html = texts.html(key, { count, at: at ? texts.shortTime(at) : '' });
    await ctx.replyWithScreen({ html, keyboard: [] });
  }

  async function showAnew(ctx: Press, id: string, show: CampaignMessages['show']): Promise<void> {
    const present = await campaigns.status(id, { fresh: true });
    if (present.ok) await show(ctx, present.value);
  }
  return composer;
}
