/** The messages about possible opt-outs: handles their buttons, and keeps them current for everyone who was told. */
import { Composer } from 'telegraf';
import { ANY, buttonData, buttonPattern } from '../../clients/telegram-buttons';
import type { Logger } from '../../config/logger';
import { renderPossibleOptOut } from '../../report/possible-opt-out';
import type { PossibleOptOutDocument } from '../../store/possible-opt-outs';
import { createAskedMessages } from '../asked-messages';
import { pressedMessage, tellPresser, type BotContext } from '../context';
import type { Screen } from '../screen';
import type { ScreenMessages } from '../screen-messages';
import type { BotServices } from '../services/contract';
import type { Texts } from '../texts';

export interface PossibleOptOutsOptions {
  messages: ScreenMessages;
  services: Pick<BotServices, 'optOuts'>;
  textsFor(chatId: number): Promise<Texts>;
  logger: Logger;
}

export interface PossibleOptOuts {
  /** Their buttons, which answer their presses themselves. */
  buttons: Composer<BotContext>;
  /** One round over the messages of those that are settled. Never rejects. */
  round(): Promise<void>;
}

export function createPossibleOptOuts(options: PossibleOptOutsOptions): PossibleOptOuts {
  const {
    messages,
    services: { optOuts },
    textsFor,
    logger,
  } = options;

  const { settleAll, round } = createAskedMessages<PossibleOptOutDocument>({
    ...{ what: 'possible opt-outs', messages, textsFor, logger },
    open: () => optOuts.shownOpen(),
    screenOf,
    shown: (id, message) => optOuts.shown(id, message),
  });

  const buttons = new Composer<BotContext>().action(buttonPattern('optOut', ANY, ANY), async (ctx) => {
    const [, key = '', choice = ''] = ctx.match;
    const outcome = await optOuts.answer(key, choice, ctx.actor);
    await tellPresser(ctx, alertOf(outcome, ctx.texts));
    if (outcome) {
      await ctx.showScreen(screenOf(outcome.shown, ctx.texts));
      await settleAll();
      return;
    }
    const messageId = pressedMessage(ctx);
    if (messageId !== undefined) await messages.removeKeyboard(ctx.chatId, messageId);
  });

  return { buttons, round };
}

/** The pop-up text when the press was too late. */
function alertOf(
  outcome: { shown: PossibleOptOutDocument; already: boolean } | undefined,
  texts: Texts,
): string | undefined {
  if (!outcome) return texts.plain('optOuts.gone');
  const answer = outcome.shown.answer;
  if (!outcome.already || !answer) return undefined;
  const { by, at } = answer;
  return texts.plain('optOuts.already', {
    by: texts.plain(`stoplist.by.${by.kind}`, { id: by.kind === 'telegram' ? by.id : '' }),
    at: texts.time(at),
    what: texts.plain(`optOuts.choices.${answer.choice}`),
  });
}

function screenOf(one: PossibleOptOutDocument, { language, zone }: Texts): Screen {
  const { html, choices } = renderPossibleOptOut(one, { language, timezone: zone });
  const buttons = choices.map(({ choice, text }) => ({ text, data: buttonData('optOut', one.key, choice) }));
  return { html, keyboard: buttons.length > 0 ? [buttons] : [] };
}
