/** /start, /help, /language, /notices and /cancel, and replies to anything that nothing else in the bot handles. */
import { Composer } from 'telegraf';
import { ANY, buttonPattern, parseButtonData } from '../../clients/telegram-buttons';
import { named, renderHelp, renderLanguages, renderMenu, renderNotices } from '../commands';
import { answerPress, type BotContext } from '../context';
import { warning, withBanner } from '../screen';
import type { UserStore } from '../../store/users';
import { createTexts } from '../texts';

export function menu({ users }: { users: UserStore }): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const help = (ctx: BotContext): Promise<unknown> => ctx.replyWithScreen(renderHelp(ctx.texts, ctx.role));

  composer.command(named('start'), ({ texts, role, isNew, payload, replyWithScreen }) => {
    const words = { role: texts.word(`roles.${role}`), can: texts.word(`roleMeanings.${role}`) };
    // A link for somebody who is in already stays good for another.
    const banner = isNew ? texts.html('team.welcome', words) : payload ? texts.html('team.already', words) : undefined;
    return replyWithScreen(withBanner(renderMenu(texts.html('start'), texts), banner));
  });
  composer.command(named('help'), help);
  composer.action(buttonPattern('menu', 'help'), help);
  composer.command(named('cancel'), async (ctx) => {
    const { texts } = ctx;
    if (!(await ctx.conversation.leave())) await ctx.replyWithScreen(renderMenu(texts.html('nothingToCancel'), texts));
  });

  composer.command(named('language'), (ctx) => ctx.replyWithScreen(renderLanguages(ctx.texts)));
  composer.action([buttonPattern('menu', 'ru'), buttonPattern('menu', 'en')], async (ctx) => {
    const language = ctx.match[0].endsWith('ru') ? 'ru' : 'en';
    await users.update(ctx.user._id, { language });
    const texts = createTexts(language, ctx.texts.zone);
    await ctx.showScreen(renderMenu(texts.html('language.done'), texts));
  });

  composer.command(named('notices'), ({ texts, role, user, replyWithScreen }) =>
    replyWithScreen(renderNotices(texts, { role, digest: user.digest !== false })),
  );
  composer.action([buttonPattern('menu', 'digestOn'), buttonPattern('menu', 'digestOff')], async (ctx) => {
    const digest = ctx.match[0].endsWith('On');
    await users.update(ctx.user._id, { digest });
    // From under a digest the answer comes below: the numbers above it stay.
    await ctx.replyWithScreen(renderNotices(ctx.texts, { role: ctx.role, digest }));
  });
  // Page counters, blanks in a grid.
  composer.action([buttonPattern('noop'), buttonPattern('noop', ANY)], () => undefined);
  return composer;
}

/** Presses are answered before their work begins: the button's spinner lives some seconds only. */
export function answerPresses(): Composer<BotContext> {
  return new Composer<BotContext>().on('callback_query', async (ctx, next) => {
    const { callbackQuery: query } = ctx;
    const isKnown = 'data' in query && parseButtonData(query.data) !== undefined;
    await answerPress(ctx, isKnown ? undefined : ctx.texts.plain('staleButton'));
    await next();
  });
}

/** Before the answers to open questions: no command is one. */
export function unknownCommand(): Composer<BotContext> {
  return new Composer<BotContext>().command(/.*/, (ctx) =>
    ctx.replyWithScreen(
      withBanner(renderHelp(ctx.texts, ctx.role), warning(ctx.texts, ctx.texts.plain('unknownCommand'))),
    ),
  );
}

/** At the very end. */
export function nothingElse(): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  // A button of another version: the menu in its place always works.
  composer.on('callback_query', (ctx) => ctx.showScreen(renderMenu(ctx.texts.html('start'), ctx.texts)));
  composer.on('message', (ctx) => ctx.replyWithScreen(renderMenu(ctx.texts.html('idle'), ctx.texts)));
  return composer;
}
