/** The buttons of a reply, for every process that shows one. */
import { buttonData } from './telegram-buttons';

/** Of one that is not dealt with. */
export function replyButtons(
  key: string,
  textOf: (action: 'answer' | 'done' | 'optOut') => string,
): { text: string; data: string }[][] {
  const button = (action: 'answer' | 'done' | 'optOut'): { text: string; data: string } => ({
    text: textOf(action),
    data: buttonData('reply', key, action),
  });
  return [[button('answer'), button('done')], [button('optOut')]];
}
