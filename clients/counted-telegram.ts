/** Counts the calls of a Telegraf client for `/metrics`, whichever of its methods makes them; each is a span of a trace. */
import { SpanKind } from '@opentelemetry/api';
import { type Telegram, TelegramError } from 'telegraf';
import { countCall, type CallOutcome } from '../config/metrics';
import { inSpan } from '../config/spans';
import { TELEGRAM_PROXY_CODE } from './telegram-proxy';

/** The same client, counting from now on. The open question for updates is no call: it waits by intent. */
export function countedTelegram<T extends Pick<Telegram, 'callApi'>>(telegram: T): T {
  const callApi = telegram.callApi.bind(telegram);
  const span = { kind: SpanKind.CLIENT, attributes: { 'bobcofer.service': 'telegram' } };
  const counted: typeof telegram.callApi = (method, ...rest) =>
    method === 'getUpdates'
      ? callApi(method, ...rest)
      : countCall('telegram', () => inSpan(`telegram ${method}`, span, () => callApi(method, ...rest)), outcomeOf);
  telegram.callApi = counted;
  return telegram;
}

/** What is no answer of Telegram's may or may not have reached it, but for what a proxy let not pass. */
function outcomeOf(error: unknown): CallOutcome {
  if ((error as { code?: unknown }).code === TELEGRAM_PROXY_CODE) return 'unreachable';
  if (!(error instanceof TelegramError)) return 'ambiguous';
  return error.code === 429 ? 'limited' : 'refused';
}
