/** Where a trace begins: what is done about an update is one span, named by the kind of update and the button's area. */
import { SpanKind } from '@opentelemetry/api';
import type { MiddlewareFn } from 'telegraf';
import { parseButtonData } from '../../clients/telegram-buttons';
import { inSpan } from '../../config/spans';
import type { BotContext } from '../context';

export function traced(): MiddlewareFn<BotContext> {
  return (ctx, next) => {
    const press = ctx.callbackQuery;
    const area = press && 'data' in press ? parseButtonData(press.data)?.area : undefined;
    const attributes = area && { 'bobcofer.press': area };
    return inSpan(press ? 'press' : 'message', { kind: SpanKind.SERVER, ...(attributes && { attributes }) }, () =>
      next(),
    );
  };
}
