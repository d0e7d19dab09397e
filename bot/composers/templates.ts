/** /templates: the catalogue, one template of it, and a campaign with it. */
import { Composer } from 'telegraf';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import type { Refusal } from '../../config/errors';
import type { Template } from '../../domain/templates/template';
import { named } from '../commands';
import type { BotContext } from '../context';
import { emptyDraft, nextStep } from '../conversation/draft';
import { warning } from '../screen';
import { renderCatalogue, renderTemplate } from '../screens/catalogue';
import { renderDrafts, renderSubmitted } from '../screens/template-draft';
import type { BotServices } from '../services/contract';

type Listed = { templates: readonly Template[]; syncedAt: Date };

export function templates({
  templates: catalogue,
  templateDesk: desk,
}: Pick<BotServices, 'templates' | 'templateDesk'>): Composer<BotContext> {
  const composer = new Composer<BotContext>();

  /** In the pressed message, or as a new one; where the catalogue cannot be had, why not. */
  async function show(
    ctx: BotContext,
    render: (listed: Listed) => Promise<unknown>,
    options: { refresh?: boolean } = {},
  ): Promise<void> {
    const { texts } = ctx;
    const listed = await catalogue.list(options);
    if (listed.ok) await render(listed.value);
    else await ctx.showScreen({ html: warning(texts, texts.refusalText(listed.refusal)), keyboard: [] });
  }
  const page = (ctx: BotContext, number: number) => (listed: Listed) =>
    ctx.showScreen(renderCatalogue(listed, number, ctx.texts));

  /** With the template of a button; one that is gone leads to the catalogue. */
  const withTemplate = (ctx: BotContext, id: string | undefined, use: (template: Template) => Promise<unknown>) =>
    show(ctx, (listed) => {
      const found = listed.templates.find((template) => template.id === id);
      return found ? use(found) : page(ctx, 0)(listed);
    });

  composer.command(named('templates'), (ctx) => show(ctx, page(ctx, 0)));
  composer.action(buttonPattern('menu', 'templates'), (ctx) =>
    show(ctx, (listed) => ctx.replyWithScreen(renderCatalogue(listed, 0, ctx.texts))),
  );
  composer.action(buttonPattern('templates', 'page', ANY), (ctx) => show(ctx, page(ctx, Number(ctx.match[1]) || 0)));
  composer.action(buttonPattern('templates', 'refresh'), (ctx) => show(ctx, page(ctx, 0), { refresh: true }));
  composer.action(buttonPattern('templates', 'open', ANY), (ctx) =>
    withTemplate(ctx, ctx.match[1], (template) => ctx.showScreen(renderTemplate(template, ctx.texts))),
  );
  composer.action(buttonPattern('templates', 'use', ANY), (ctx) =>
    withTemplate(ctx, ctx.match[1], (template) => {
      const draft = { ...emptyDraft, template };
      return ctx.conversation.enter(nextStep(draft), draft);
    }),
  );

  const drafts = async (ctx: BotContext, number: number): Promise<unknown> =>
    ctx.showScreen(renderDrafts(await desk.list(), number, ctx.texts));
  const refuse = (ctx: BotContext, refusal: Refusal): Promise<unknown> =>
    ctx.showScreen({ html: warning(ctx.texts, ctx.texts.refusalText(refusal)), keyboard: [] });
  composer.action(buttonPattern('templates', 'new'), (ctx) => ctx.conversation.enterAside({ at: 'templateNew' }));
  composer.action(buttonPattern('templates', 'drafts', ANY), (ctx) => drafts(ctx, Number(ctx.match[1]) || 0));
  composer.action(buttonPattern('templates', 'draft', ANY), async (ctx) => {
    const id = ctx.match[1] ?? '';
    const found = await desk.find(id);
    // One that was taken away leads to the others.
    if (!found.ok) return drafts(ctx, 0);
    if (found.value.state === 'draft') return ctx.conversation.enterAside({ at: 'templateDraft', id });
    const looked = await desk.look([id]);
    const [one = found.value] = looked.ok ? looked.value : [];
    return ctx.showScreen(renderSubmitted(one, ctx.texts));
  });
  // Of one whose attempt had no answer.
  composer.action(buttonPattern('templates', 'submit', ANY), (ctx) =>
    ctx.conversation.enterAside({ at: 'templateSubmit', id: ctx.match[1] ?? '' }),
  );
  composer.action(buttonPattern('templates', 'remove', ANY), async (ctx) => {
    const removed = await desk.remove(ctx.match[1] ?? '', { onlyHere: true });
    return removed.ok
      ? ctx.showScreen({ html: ctx.texts.html('drafting.removed', { name: removed.value.name }), keyboard: [] })
      : refuse(ctx, removed.refusal);
  });
  composer.action(buttonPattern('templates', 'again', ANY), async (ctx) => {
    const made = await desk.again(ctx.match[1] ?? '', ctx.actor);
    return made.ok
      ? ctx.conversation.enterAside({ at: 'templateDraft', id: made.value._id })
      : refuse(ctx, made.refusal);
  });
  return composer;
}
