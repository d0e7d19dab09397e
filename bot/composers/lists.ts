/** /lists: the saved lists, and the buttons of each: a campaign to it, its name, its file, its end. */
import { Composer, Input } from 'telegraf';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { Refusal } from '../../config/errors';
import { named } from '../commands';
import type { BotContext, Press } from '../context';
import { emptyDraft } from '../conversation/draft';
import { warning, withBanner, type Screen } from '../screen';
import { renderList, renderLists, renderListSure, SHOWN_PEOPLE } from '../screens/lists';
import type { BotServices } from '../services/contract';

export function lists({ lists: saved, audience }: Pick<BotServices, 'lists' | 'audience'>): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  const all = async ({ texts }: BotContext, page: number, banner?: string): Promise<Screen> =>
    withBanner(renderLists(await saved.list(), page, texts), banner);
  const list = async (ctx: BotContext): Promise<unknown> => ctx.replyWithScreen(await all(ctx, 0));
  composer.command(named('lists'), list);
  composer.action(buttonPattern('menu', 'lists'), list);
  composer.action(buttonPattern('lists', 'page', ANY), async (ctx) =>
    ctx.showScreen(await all(ctx, Number(ctx.match[1]) || 0)),
  );

  /** All of them, and why not what was asked for. */
  const refuse = async (ctx: BotContext, refusal: Refusal): Promise<unknown> =>
    ctx.showScreen(await all(ctx, 0, warning(ctx.texts, ctx.texts.refusalText(refusal))));

  /** A button of one list, which may be gone since. */
  const button = (
    action: string,
    people: number,
    handler: (ctx: Press, found: NonNullable<Awaited<ReturnType<typeof find>>>) => Promise<unknown>,
  ): unknown =>
    composer.action(buttonPattern('lists', action, ANY), async (ctx) => {
      const found = await find(ctx, people);
      return found && handler(ctx, found);
    });
  const find = async (ctx: Press, people: number) => {
    const found = await saved.find(ctx.match[1] ?? '', people);
    if (found.ok) return found.value;
    await refuse(ctx, found.refusal);
    return undefined;
  };

  button('open', SHOWN_PEOPLE, async (ctx, found) => {
    const { createdBy } = found.list;
    const by = await saved.nameOf(createdBy, ctx.texts.language);
    return ctx.showScreen(renderList(found, by, ctx.texts));
  });
  button('use', 0, async (ctx, { list: { _id: listId, name: label } }) => {
    const source = { kind: 'list', listId } as const;
    const columns = await audience.columns(source);
    if (!columns.ok) return refuse(ctx, columns.refusal);
    const people = { include: [{ source, label, columns: columns.value }], exclude: [] };
    return ctx.conversation.enter({ at: 'template', page: 0 }, { ...emptyDraft, audience: people });
  });
  button('file', 0, async (ctx, { list: { _id } }) => {
    await ctx.sendChatAction('upload_document');
    const { content, fileName } = await saved.file(_id, ctx.texts.language);
    return ctx.replyWithDocument(Input.fromBuffer(content, fileName));
  });
  button('rename', 0, ({ conversation }, { list: { _id: listId, name } }) =>
    conversation.enterAside({ at: 'listName', listId, name }),
  );
  button('delete', 0, (ctx, found) => ctx.showScreen(renderListSure(found.list, ctx.texts)));
  composer.action(buttonPattern('lists', 'delete!', ANY), async (ctx) => {
    const removed = await saved.remove(ctx.match[1] ?? '', ctx.actor);
    // A second tap finds it gone, which is what was wanted.
    if (!removed.ok && removed.refusal.code !== 'list_not_found') return refuse(ctx, removed.refusal);
    const { texts } = ctx;
    return ctx.showScreen(
      await all(ctx, 0, texts.html('lists.removed', { name: removed.ok ? removed.value.name : '' })),
    );
  });
  return composer;
}
