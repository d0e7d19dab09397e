/** /funnel: the last snapshot of the CRM's funnel, a new one, and a campaign to one of its stages. */
import type { FunnelView } from '../../campaigns/funnel';
import type { Conversation, Turn } from '../conversation/conversation';
import { emptyDraft } from '../conversation/draft';
import { warning, withBanner, type Screen } from '../screen';
import { renderFunnel, renderPipeline } from '../screens/funnel';
import type { BotServices } from '../services/contract';
import type { TelegramPort } from '../telegram-port';

export interface FunnelPanel {
  /** The last snapshot as a new message; takes one when there is none. */
  open(turn: Turn): Promise<void>;
  /** A button of it: the action and what belongs to it. */
  press(turn: Turn, messageId: number | undefined, parts: readonly string[]): Promise<void>;
}

export interface FunnelOptions {
  port: TelegramPort;
  services: Pick<BotServices, 'funnel' | 'audience'>;
  conversation: Conversation;
}

/** Edits of one message must not come faster (telegram.md#rate-limits). */
const PROGRESS_EVERY_MS = 3000;

export function createFunnelPanel({ port, services: { funnel, audience }, conversation }: FunnelOptions): FunnelPanel {
  async function take({ chatId, texts }: Turn, messageId: number | undefined, pipelineId?: number): Promise<void> {
    const wait = (leads: number): Screen => ({
      html: texts.html('funnel.reading', { leads: texts.plain('funnel.leads', { count: leads }) }),
      keyboard: [],
    });
    const shownIn = await port.show(chatId, messageId, wait(0));
    let shownAt = Date.now();
    const taken = await funnel.take({
      onProgress: (leads) => {
        if (Date.now() - shownAt < PROGRESS_EVERY_MS) return;
        shownAt = Date.now();
        // One that cannot be shown now is made good by the next.
        port.tryEdit(chatId, shownIn, wait(leads)).catch(() => undefined);
      },
    });
    if (taken.ok) return void (await port.show(chatId, shownIn, screenOf(taken.value, pipelineId, texts)));
    const last = await funnel.last();
    const banner = warning(texts, texts.refusalText(taken.refusal));
    await port.show(
      chatId,
      shownIn,
      last ? withBanner(screenOf(last, pipelineId, texts), banner) : { html: banner, keyboard: [] },
    );
  }

  /** A campaign to a stage: its people are chosen, the template is asked for. */
  async function send(turn: Turn, pipelineId: number, statusId: number): Promise<void> {
    const { texts, chatId } = turn;
    const last = await funnel.last();
    const pipeline = last?.funnel.pipelines.find(({ id }) => id === pipelineId);
    const stage = pipeline?.stages.find(({ id }) => id === statusId);
    if (!pipeline || !stage) return open(turn);
    const label = `${pipeline.name} / ${stage.name}`;
    const shownIn = await port.send(chatId, { html: texts.html('audience.reading', { label }), keyboard: [] });
    const source = { kind: 'crm', pipelineId, statusId } as const;
    const columns = await audience.columns(source);
    if (!columns.ok) {
      await port.show(chatId, shownIn, { html: warning(texts, texts.refusalText(columns.refusal)), keyboard: [] });
      return;
    }
    await port.show(chatId, shownIn, { html: texts.html('funnel.chosen', { label }), keyboard: [] });
    const people = { include: [{ source, label, columns: columns.value }], exclude: [] };
    await conversation.open(turn, { at: 'template', page: 0 }, { ...emptyDraft, audience: people });
  }

  async function open(turn: Turn): Promise<void> {
    const last = await funnel.last();
    if (!last) return take(turn, undefined);
    await port.send(turn.chatId, screenOf(last, undefined, turn.texts));
  }

  return {
    open,
    press: async (turn, messageId, [action, first, second]) => {
      if (action === 'take') return take(turn, messageId, first === undefined ? undefined : Number(first));
      if (action === 'send') return send(turn, Number(first), Number(second));
      const last = await funnel.last();
      if (!last) return take(turn, messageId);
      const screen =
        action === 'open'
          ? screenOf(last, Number(first), turn.texts)
          : renderFunnel(last, Number(first) || 0, turn.texts);
      await port.show(turn.chatId, messageId, screen);
    },
  };
}

/** The pipeline while the CRM has it, else all of them. */
function screenOf(view: FunnelView, pipelineId: number | undefined, texts: Turn['texts']): Screen {
  const pipeline = view.funnel.pipelines.find(({ id }) => id === pipelineId);
  return pipeline ? renderPipeline(view, pipeline, texts) : renderFunnel(view, 0, texts);
}
