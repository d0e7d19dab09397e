/**
 * What an update needs of the database is read while it is being kept, and a press that needs no words of its own is
 * answered as soon as the presser's role is known, or if the database is slow without it: a spinner that stops tells nothing
 * and allows nothing. An admin waits for the database once, not three times in a row. Nothing is carried out here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { rightOfButton } from '../../clients/button-rights';
import { parseButtonData, type ButtonArea } from '../../clients/telegram-buttons';
import { may } from '../../domain/roles';
import type { SessionStore } from '../../store/bot-state';
import type { UserDocument, UserStore } from '../../store/users';
import { answerPress, type BotContext } from '../context';
import { sessionKey } from '../session';
import type { Turns } from './in-turn';

/** What was read for this update, before its turn. */
export interface Ahead {
  /** When the reading began (epoch ms). */
  at: number;
  user: Promise<UserDocument | undefined>;
  session: Promise<unknown>;
}

/** What was read longer ago is read again: a role must hold from the next second on (ms). */
const HOLDS_MS = 500;

/** A busy database keeps nobody who pressed longer (ms): from 300 ms on a press feels lost. */
const ANSWERED_WITHIN_MS = 100;

/** Their handlers answer their presses themselves, some with a pop-up, and a press can have one answer only. */
const ANSWER_THEMSELVES: readonly ButtonArea[] = ['draft', 'optOut', 'approval', 'reply'];

/** Called once an update has come and those of its chat before it have got their turn. */
export function createHeadStart(options: {
  users: Pick<UserStore, 'find'>;
  sessions: Pick<SessionStore, 'get'>;
  turns: Pick<Turns<number>, 'busy'>;
}): (ctx: BotContext) => void {
  const { users, sessions, turns } = options;

  async function answerEarly(ctx: BotContext, user: Ahead['user']): Promise<void> {
    const data = ctx.callbackQuery && 'data' in ctx.callbackQuery ? ctx.callbackQuery.data : undefined;
    const area = data === undefined ? undefined : parseButtonData(data)?.area;
    if (data === undefined || area === undefined || ANSWER_THEMSELVES.includes(area)) return;
    const right = rightOfButton(data);
    if (right === undefined) return;
    const over = new AbortController();
    const mayPress = user.then((found) => !!found?.member && may(found.member.role, right));
    const unknown = sleep(ANSWERED_WITHIN_MS, 'unknown' as const, { signal: over.signal });
    // Who is refused after all hears of it in a message instead of a pop-up.
    if (await Promise.race([mayPress, unknown]).finally(() => over.abort())) await answerPress(ctx);
  }

  return (ctx) => {
    const { chat, from } = ctx;
    if (chat?.type !== 'private' || !from) return;
    // What is being handled may change both; it has been read by then. A press that must wait is answered at once.
    if (turns.busy(chat.id)) return void answerPress(ctx);
    const ahead = { at: Date.now(), user: users.find(from.id), session: sessions.get(sessionKey(chat.id)) };
    // Whoever needs them hears of a failure.
    for (const read of [ahead.user, ahead.session]) read.catch(() => undefined);
    answerEarly(ctx, ahead.user).catch(() => undefined);
    ctx.ahead = ahead;
  };
}

/** What was read for the update, if that was a moment ago. */
export function readAhead<What extends 'user' | 'session'>({ ahead }: BotContext, what: What): Ahead[What] | undefined {
  return ahead && Date.now() - ahead.at < HOLDS_MS ? ahead[what] : undefined;
}
