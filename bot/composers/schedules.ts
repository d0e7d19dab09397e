/** /schedules: the list of recurring campaigns, and the buttons of each. They work at any time, whatever else is open. */
import type { Series } from '../../campaigns/contract';
import type { Result } from '../../config/errors';
import type { Turn } from '../conversation/conversation';
import { warning, withBanner, type Screen } from '../screen';
import { renderSchedule, renderSchedules, renderScheduleSure } from '../screens/schedules';
import type { BotServices } from '../services/contract';
import type { TelegramPort } from '../telegram-port';

export interface Schedules {
  /** In the message, or as a new one. */
  list(turn: Turn, messageId: number | undefined, page: number, banner?: string): Promise<void>;
  /** A button of one series, or of the list's pages. */
  press(turn: Turn, messageId: number | undefined, idOrPage: string, action: string): Promise<void>;
}

export interface SchedulesOptions {
  port: TelegramPort;
  services: Pick<BotServices, 'series'>;
}

export function createSchedules({ port, services: { series } }: SchedulesOptions): Schedules {
  async function list(turn: Turn, messageId: number | undefined, page: number, banner?: string): Promise<void> {
    const { texts, chatId } = turn;
    const found = await series.list();
    const screen: Screen = found.ok
      ? renderSchedules(found.value, page, texts)
      : { html: warning(texts, texts.refusalText(found.refusal)), keyboard: [] };
    await port.show(chatId, messageId, withBanner(screen, banner));
  }

  /** The series as it is now; when it is gone, the list with the reason. */
  async function show(
    turn: Turn,
    messageId: number | undefined,
    found: Result<Series>,
    render: (series: Series) => Screen = (one) => renderSchedule(one, turn.texts),
  ): Promise<void> {
    if (found.ok) return void (await port.show(turn.chatId, messageId, render(found.value)));
    return list(turn, messageId, 0, warning(turn.texts, turn.texts.refusalText(found.refusal)));
  }

  return {
    list,
    press: async (turn, messageId, idOrPage, action) => {
      const { actor, texts } = turn;
      switch (action) {
        case 'page':
          return list(turn, messageId, Number(idOrPage) || 0);
        case 'pause':
          return show(turn, messageId, await series.pause(idOrPage, actor));
        case 'resume':
          return show(turn, messageId, await series.resume(idOrPage, actor));
        case 'delete':
          return show(turn, messageId, await series.find(idOrPage), (one) => renderScheduleSure(one, texts));
        case 'delete!': {
          const removed = await series.remove(idOrPage);
          // A second tap finds it gone, which is what was wanted.
          const gone = removed.ok || removed.refusal.code === 'series_not_found';
          const words = gone ? texts.html('schedules.deleted') : warning(texts, texts.refusalText(removed.refusal));
          return list(turn, messageId, 0, words);
        }
        default:
          return show(turn, messageId, await series.find(idOrPage));
      }
    },
  };
}
