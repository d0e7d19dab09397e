/**
 * An update is kept in MongoDB before Telegram hears that it was taken, and forgotten once it is dealt with: a bot that is
 * killed in between deals with it when it starts again. Telegraf confirms a batch as soon as its handlers return, and ours
 * return at once (in-turn.ts).
 */
import { nanoid } from 'nanoid';
import type { MiddlewareFn, Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { Logger } from '../../config/logger';
import { within } from '../../config/waiting';
import type { UpdateInbox } from '../../store/update-inbox';
import type { BotContext } from '../context';
import { createTurns } from './in-turn';

interface KeptUpdates {
  /** First of all middleware. What follows calls `ctx.settle` when the update is dealt with, whatever came of it. */
  middleware: MiddlewareFn<BotContext>;
  /** Begins again with what the bot before had not dealt with. Resolves when all of it stands in its chats' queues. */
  takeUp(): Promise<void>;
  /** Resolves when all that has come stands in its chat's queue. */
  drained(): Promise<void>;
}

/**
 * Whoever pressed longer ago expects nothing any more, and may have pressed something else since (ms). Telegram itself
 * keeps presses for 150 s.
 */
const PRESS_LIVES_MS = 300_000;
/** A database that takes longer is away: the update is dealt with before it is confirmed. */
const KEEP_LIMIT_MS = 2_000;

export function createKeptUpdates(options: {
  inbox: UpdateInbox;
  telegraf: Pick<Telegraf<BotContext>, 'handleUpdate'>;
  /** What can be done for an update while it is being kept. It returns at once and carries nothing out. */
  headStart?: (ctx: BotContext) => void;
  logger: Logger;
}): KeptUpdates {
  const { inbox, telegraf, headStart, logger } = options;
  const self = nanoid();
  /** Those that were kept by the bot before: these very objects, since Telegram may bring the same updates once more. */
  const again = new WeakSet<object>();
  /** Those being dealt with: they are none of the bot before, however late the database tells of those. */
  const own = new Set<number>();
  /** Into the queues in the order in which they came, though each is kept first. */
  const arrivals = createTurns<number>();
  let takenUp: Promise<void> | undefined;

  async function begin(): Promise<void> {
    // Also those that were forgotten while the database answered.
    const before = new Set(own);
    const left = (await within(KEEP_LIMIT_MS, inbox.left(self))).filter(
      ({ update: { update_id: id } }) => !before.has(id) && !own.has(id),
    );
    const isOver = ({ update, at }: (typeof left)[number]): boolean =>
      'callback_query' in update && Date.now() - at.getTime() > PRESS_LIVES_MS;
    const good = left.filter((one) => !isOver(one));
    good.forEach(({ update }) => again.add(update));
    if (left.length > 0) {
      const counts = { count: good.length, over: left.length - good.length };
      logger.warn(counts, 'Going on with what the bot before was killed in; presses of long ago are left out');
    }
    for (const { update } of left.filter(isOver)) await inbox.done(update.update_id);
    // Each returns once it stands in the queue of its chat.
    for (const { update } of good) await telegraf.handleUpdate(update as Update);
  }

  /** Once; after a failure, such as a database that is away, again with the next update. */
  const takeUp = (): Promise<void> =>
    (takenUp ??= begin().catch((err: unknown) => {
      takenUp = undefined;
      logger.warn({ err }, 'Cannot look for updates that the bot before has left');
    }));

  /** `unsure` when the database does not say. */
  async function keep(update: Update): Promise<boolean | 'unsure'> {
    try {
      return await within(KEEP_LIMIT_MS, inbox.keep(update));
    } catch (err) {
      logger.warn({ err }, 'Cannot keep an update: it is dealt with first');
      return 'unsure';
    }
  }

  async function forget(updateId: number): Promise<void> {
    try {
      await inbox.done(updateId);
      own.delete(updateId);
    } catch (err) {
      // It comes again after a restart, and is then known to the chat's session (stale.ts).
      logger.warn({ err }, 'Cannot forget an update that was dealt with');
    }
  }

  return {
    takeUp,
    drained: () => arrivals.drained(),
    middleware: async (ctx, next) => {
      const { update_id: id } = ctx.update;
      const isAgain = again.has(ctx.update);
      if (!isAgain) await takeUp();
      const { settled } = await arrivals.run(ctx.chat?.id ?? 0, async (): Promise<{ settled?: Promise<void> }> => {
        headStart?.(ctx);
        const isKnown = own.has(id);
        own.add(id);
        const kept = isAgain || (await keep(ctx.update));
        // Dealt with before, or being dealt with: perhaps by the bot before, which may leave it.
        if (kept === false) {
          if (!isKnown) own.delete(id);
          return {};
        }
        const dealtWith = new Promise<void>((resolve) => {
          ctx.settle = () => {
            resolve();
            return forget(id);
          };
        });
        await next();
        return kept === 'unsure' ? { settled: dealtWith } : {};
      });
      await settled;
    },
  };
}
