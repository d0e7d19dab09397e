/** The messages that show what may be an opt-out: their buttons, and keeping them true for everybody who was told. */
import { buttonData } from '../../clients/telegram-buttons';
import type { Logger } from '../../config/logger';
import { renderPossibleOptOut } from '../../report/possible-opt-out';
import type { PossibleOptOutDocument } from '../../store/possible-opt-outs';
import type { Turn } from '../conversation/conversation';
import type { Screen } from '../screen';
import type { BotServices } from '../services/contract';
import { Unreachable, type TelegramPort } from '../telegram-port';
import type { Texts } from '../texts';

export interface OptOutPanel {
  /** A button of one of them; answers the press. */
  press(turn: Turn, press: { id: string; messageId: number | undefined; answered: boolean }, key: string, choice: string): Promise<void>; // prettier-ignore
  /** One round over the messages of those that are settled. Never rejects. */
  round(): Promise<void>;
}

export function createOptOutPanel({
  port,
  services,
  textsFor,
  logger,
}: {
  port: TelegramPort;
  services: Pick<BotServices, 'optOuts'>;
  textsFor(chatId: number): Promise<Texts>;
  logger: Logger;
}): OptOutPanel {
  const { optOuts } = services;

  async function settle(one: PossibleOptOutDocument, message: { chatId: number; messageId: number }): Promise<void> {
    const { chatId, messageId } = message;
    try {
      if ((await port.tryEdit(chatId, messageId, screenOf(one, await textsFor(chatId)))) === 'later') return;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    await optOuts.shown(one._id, message);
  }

  async function settleAll(): Promise<void> {
    for (const one of await optOuts.shownOpen()) for (const message of one.messages) await settle(one, message);
  }

  return {
    press: async (turn, { id, messageId, answered }, key, choice) => {
      const { texts, chatId, actor } = turn;
      const outcome = await optOuts.answer(key, choice, actor);
      if (!answered) await port.answer(id, alertOf(outcome, texts));
      if (!outcome) return messageId === undefined ? undefined : port.removeKeyboard(chatId, messageId);
      await port.show(chatId, messageId, screenOf(outcome.shown, texts));
      await settleAll();
    },
    round: async () => {
      try {
        await settleAll();
      } catch (error) {
        logger.warn({ err: error }, 'possible opt-outs: a round over their messages failed, the next one tries again');
      }
    },
  };
}

/** What a pop-up says when the press was too late. */
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
