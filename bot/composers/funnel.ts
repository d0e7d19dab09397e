/** /funnel: the last snapshot of the CRM's funnel, a new one, and a campaign to one of its stages. */
import { Composer } from 'telegraf';
import type { FunnelView } from '../../campaigns/funnel';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import { named } from '../commands';
import { pressedMessage, type BotContext } from '../context';
import { emptyDraft } from '../conversation/draft';
import { warning, withBanner, type Screen } from '../screen';
import type { ScreenMessages } from '../screen-messages';
import { renderFunnel, renderPipeline } from '../screens/funnel';
import type { BotServices } from '../services/contract';
import type { Texts } from '../texts';

export interface FunnelOptions {
  messages: ScreenMessages;
  services: Pick<BotServices, 'funnel' | 'audience'>;
}

/** Edits of one message must not come faster (telegram.md#rate-limits). */
const PROGRESS_EVERY_MS = 3000;

export function funnel({ messages, services: { funnel: snapshots, audience } }: FunnelOptions): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  /** A new snapshot, in this message or, without one, in a new one. */
  async function take(
    { chatId, texts }: BotContext,
    messageId: number | undefined,
    pipelineId?: number,
  ): Promise<unknown> {
    const wait = (leads: number): Screen => ({
      html: texts.html('funnel.reading', { leads: texts.plain('funnel.leads', { count: leads }) }),
      keyboard: [],
    });
    const shownIn = await messages.show(chatId, messageId, wait(0));
    let shownAt = Date.now();
    const taken = await snapshots.take({
      onProgress: (leads) => {
        if (Date.now() - shownAt < PROGRESS_EVERY_MS) return;
        shownAt = Date.now();
        // One that cannot be shown now is made good by the next.
        messages.tryEdit(chatId, shownIn, wait(leads)).catch(() => undefined);
      },
    });
    if (taken.ok) return messages.show(chatId, shownIn, screenOf(taken.value, pipelineId, texts));
    const last = await snapshots.last();
    const banner = warning(texts, texts.refusalText(taken.refusal));
    return messages.show(
      chatId,
      shownIn,
      last ? withBanner(screenOf(last, pipelineId, texts), banner) : { html: banner, keyboard: [] },
    );
  }

  const open = async (ctx: BotContext): Promise<unknown> => {
    const last = await snapshots.last();
    return last ? ctx.replyWithScreen(screenOf(last, undefined, ctx.texts)) : take(ctx, undefined);
  };

  /** The last snapshot in the pressed message. */
  const show = async (ctx: BotContext, render: (view: FunnelView) => Screen): Promise<unknown> => {
    const last = await snapshots.last();
    return last ? ctx.showScreen(render(last)) : take(ctx, pressedMessage(ctx));
  };

  composer.command(named('funnel'), open);
  composer.action(buttonPattern('menu', 'funnel'), open);
  composer.action(buttonPattern('funnel', 'list', ANY), (ctx) =>
    show(ctx, (last) => renderFunnel(last, Number(ctx.match[1]) || 0, ctx.texts)),
  );
  composer.action(buttonPattern('funnel', 'open', ANY), (ctx) =>
    show(ctx, (last) => screenOf(last, Number(ctx.match[1]), ctx.texts)),
  );
  composer.action(buttonPattern('funnel', 'take'), (ctx) => take(ctx, pressedMessage(ctx)));
  composer.action(buttonPattern('funnel', 'take', ANY), (ctx) => take(ctx, pressedMessage(ctx), Number(ctx.match[1])));

  // A campaign to a stage: its people are chosen, the template is asked for.
  composer.action(buttonPattern('funnel', 'send', ANY, ANY), async (ctx) => {
    const { texts, chatId } = ctx;
    const [pipelineId, statusId] = [Number(ctx.match[1]), Number(ctx.match[2])];
    const last = await snapshots.last();
    const pipeline = last?.funnel.pipelines.find(({ id }) => id === pipelineId);
    const stage = pipeline?.stages.find(({ id }) => id === statusId);
    if (!pipeline || !stage) return open(ctx);
    const label = `${pipeline.name} / ${stage.name}`;
    const shownIn = await ctx.replyWithScreen({ html: texts.html('audience.reading', { label }), keyboard: [] });
    const source = { kind: 'crm', pipelineId, statusId } as const;
    const columns = await audience.columns(source);
    if (!columns.ok) {
      const html = warning(texts, texts.refusalText(columns.refusal));
      return messages.show(chatId, shownIn, { html, keyboard: [] });
    }
    await messages.show(chatId, shownIn, { html: texts.html('funnel.chosen', { label }), keyboard: [] });
    const people = { include: [{ source, label, columns: columns.value }], exclude: [] };
    return ctx.conversation.enter({ at: 'template', page: 0 }, { ...emptyDraft, audience: people });
  });
  return composer;
}

/** The pipeline while the CRM has it, else all of them. */
function screenOf(view: FunnelView, pipelineId: number | undefined, texts: Texts): Screen {
  const pipeline = view.funnel.pipelines.find(({ id }) => id === pipelineId);
  return pipeline ? renderPipeline(view, pipeline, texts) : renderFunnel(view, 0, texts);
}
