/**
 * The bot's queue of updates: rising ids, long poll with offsets, expiry, and one poller at a time
 * (telegram.md#updates).
 */
import { conflict, type ApiError } from './errors';
import type { World } from './state';
import type { Update, UpdatePayload } from './types';

const UPDATE_LIFE_MS = 24 * 3600_000;
/** A button press the bot did not fetch in time is lost. */
const CALLBACK_LIFE_MS = 150_000;
const MAX_BATCH = 100;
const MAX_POLL_SECONDS = 50;
/** Not sent unless asked for by name. */
const NOT_BY_DEFAULT = ['chat_member', 'message_reaction', 'message_reaction_count'];

interface PollRequest {
  offset: number;
  limit: number;
  timeoutSeconds: number;
  allowedUpdates?: string[] | undefined;
  /** Ends the wait when the bot hangs up. */
  signal: AbortSignal;
}

export interface UpdateQueue {
  /** Queues an update; undefined when the bot does not want this kind. */
  push(payload: UpdatePayload): number | undefined;
  /** Serves getUpdates: at once when there is something, else when there is or the time is out. Throws 409. */
  poll(request: PollRequest): Promise<Update[]>;
  /** Not yet confirmed, oldest first. */
  pending(): Update[];
  /** Forgets one (delivered by webhook), or all. */
  confirm(updateId: number): void;
  drop(): void;
  /** Ends a waiting poll with this error. */
  interrupt(error: ApiError): void;
  onPush(listener: () => void): void;
  /** A getUpdates call is waiting right now. */
  isPolled(): boolean;
}

export function createUpdateQueue(world: World): UpdateQueue {
  const { state } = world;
  const listeners: (() => void)[] = [];
  let waiter: Waiter | undefined;

  const forget = (keep: (entry: (typeof state.updates)[number]) => boolean): void => {
    const kept = state.updates.filter(keep);
    if (kept.length === state.updates.length) return;
    const chats = new Set(state.updates.filter((entry) => !keep(entry)).map(({ update }) => update.message?.chat.id));
    state.updates = kept;
    world.changed();
    // The page shows by the ticks that the bot has got a message.
    for (const chatId of chats) if (chatId !== undefined) world.bus.emit('telegram', { chatId });
  };

  const expire = (): void =>
    forget(({ update, at }) => world.now() - at < (update.callback_query ? CALLBACK_LIFE_MS : UPDATE_LIFE_MS));

  const pending = (): Update[] => {
    expire();
    return state.updates.map(({ update }) => update);
  };

  const take = ({ offset, limit }: PollRequest): Update[] => {
    if (offset > 0) forget(({ update }) => update.update_id >= offset);
    const all = pending();
    if (offset < 0) {
      const first = all.at(Math.max(offset, -all.length))?.update_id ?? 0;
      forget(({ update }) => update.update_id >= first);
    }
    return pending().slice(0, Math.min(Math.max(limit, 1), MAX_BATCH));
  };

  return {
    pending,
    isPolled: () => waiter !== undefined,
    onPush: (listener) => void listeners.push(listener),
    confirm: (updateId) => forget(({ update }) => update.update_id !== updateId),
    drop: () => forget(() => false),
    interrupt: (error) => waiter?.fail(error),

    push(payload) {
      const kind = Object.keys(payload)[0] ?? '';
      const allowed = state.allowedUpdates ?? [];
      if (allowed.length > 0 ? !allowed.includes(kind) : NOT_BY_DEFAULT.includes(kind)) return undefined;
      const update: Update = { update_id: state.nextUpdateId++, ...payload };
      state.updates.push({ update, at: world.now() });
      world.changed();
      waiter?.wake();
      for (const listener of listeners) listener();
      return update.update_id;
    },

    async poll(request) {
      if (state.webhook) {
        throw conflict(
          "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        );
      }
      // The newer poller takes over: it is the older one that gets the error.
      waiter?.fail(conflict('terminated by other getUpdates request; make sure that only one bot instance is running'));
      if (request.allowedUpdates) {
        state.allowedUpdates = request.allowedUpdates;
        world.changed();
      }
      const ready = take(request);
      if (ready.length > 0 || request.timeoutSeconds <= 0 || request.signal.aborted) return ready;

      const { promise, own } = waiting(Math.min(request.timeoutSeconds, MAX_POLL_SECONDS) * 1000, request.signal);
      waiter = own;
      try {
        await promise;
      } finally {
        if (waiter === own) waiter = undefined;
      }
      return take(request);
    },
  };
}

interface Waiter {
  wake: () => void;
  fail: (error: ApiError) => void;
}

/** A promise that ends when woken, failed, out of time or hung up. */
function waiting(ms: number, signal: AbortSignal): { promise: Promise<void>; own: Waiter } {
  let own: Waiter = { wake: () => undefined, fail: () => undefined };
  const promise = new Promise<void>((resolve, reject) => {
    const timeout = setTimeout(resolve, ms);
    own = {
      wake: () => {
        clearTimeout(timeout);
        resolve();
      },
      fail: (error) => {
        clearTimeout(timeout);
        reject(error);
      },
    };
    signal.addEventListener('abort', own.wake, { once: true });
  });
  return { promise, own };
}
