/** /schedules: the list of recurring campaigns, and the buttons of each. They work at any time, whatever else is open. */
import { Composer } from 'telegraf';
import type { Series } from '../../campaigns/contract';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { Result } from '../../config/errors';
import { named } from '../commands';
import type { BotContext } from '../context';
import { warning, withBanner, type Screen } from '../screen';
import { renderSchedule, renderSchedules, renderScheduleSure } from '../screens/schedules';
import type { BotServices } from '../services/contract';

export function schedules({ series }: Pick<BotServices, 'series'>): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  async function listScreen({ texts }: BotContext, page: number, banner?: string): Promise<Screen> {
    const found = await series.list();
    const screen: Screen = found.ok
      ? renderSchedules(found.value, page, texts)
      : { html: warning(texts, texts.refusalText(found.refusal)), keyboard: [] };
    return withBanner(screen, banner);
  }

  /** The series as it is now; when it is gone, the list with the reason. */
  async function show(ctx: BotContext, found: Result<Series>, render = renderSchedule): Promise<void> {
    const { texts } = ctx;
    await ctx.showScreen(
      found.ok
        ? render(found.value, texts)
        : await listScreen(ctx, 0, warning(texts, texts.refusalText(found.refusal))),
    );
  }

  const list = async (ctx: BotContext): Promise<unknown> => ctx.replyWithScreen(await listScreen(ctx, 0));
  composer.command(named('schedules'), list);
  composer.action(buttonPattern('menu', 'schedules'), list);
  composer.action(buttonPattern('schedules', ANY, 'page'), async (ctx) =>
    ctx.showScreen(await listScreen(ctx, Number(ctx.match[1]) || 0)),
  );

  /** A button of one series; `carry` out what it says and answer with the series. */
  const button = (
    action: string,
    carry: (id: string, ctx: BotContext) => Promise<Result<Series>>,
    render?: typeof renderSchedule,
  ): unknown =>
    composer.action(buttonPattern('schedules', ANY, action), async (ctx) =>
      show(ctx, await carry(ctx.match[1] ?? '', ctx), render),
    );
  button('open', (id) => series.find(id));
  button('pause', (id, { actor }) => series.pause(id, actor));
  button('resume', (id, { actor }) => series.resume(id, actor));
  button('delete', (id) => series.find(id), renderScheduleSure);
  composer.action(buttonPattern('schedules', ANY, 'delete!'), async (ctx) => {
    const { texts } = ctx;
    const removed = await series.remove(ctx.match[1] ?? '', ctx.actor);
    // A second tap finds it gone, which is what was wanted.
    const gone = removed.ok || removed.refusal.code === 'series_not_found';
    const words = gone ? texts.html('schedules.deleted') : warning(texts, texts.refusalText(removed.refusal));
    await ctx.showScreen(await listScreen(ctx, 0, words));
  });
  return composer;
}
