/** The Bot API methods the sandbox knows. All others are 404, as a method Telegram does not know. */
import { changingMethods } from './changing';
import type { Method, Parts } from './method';
import { profileMethods } from './profile';
import { receivingMethods } from './receiving';
import { sendingMethods } from './sending';

export function createMethods(parts: Parts, options: { secondAnswerFails: boolean }): Record<string, Method> {
  return {
    ...receivingMethods(parts),
    ...sendingMethods(parts),
    ...changingMethods(parts, options),
    ...profileMethods(parts),
  };
}
