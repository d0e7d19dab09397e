/**
 * Live progress: keeps the watched messages in step with their campaigns. Who watches what is kept in
 * MongoDB, so that a restarted bot goes on; a message is let go only after its last edit has arrived.
 */
import { LRUCache } from 'lru-cache';
import type { Logger } from '../config/logger';
import type { CampaignStatus } from '../campaigns/contract';
import { hasEnded } from '../domain/story/campaign';
import { doneCount } from '../domain/story/ledger';
import type { Screen } from './screen';
import { createTurns } from './middleware/in-turn';
import { renderCampaign, type Pace } from './screens/campaign-progress';
import type { BotServices, Watcher } from './services/contract';
import type { ScreenMessages } from './screen-messages';
import { Unreachable } from './telegram-answers';
import type { Texts } from './texts';

export interface Progress {
  /** Shows the campaign in this message and keeps it in step from now on. Resolves to the message's id. */
  follow(chatId: number, messageId: number | undefined, status: CampaignStatus, texts: Texts): Promise<number>;
  /** The message shows something else now. */
  unfollow(campaignId: string, watcher: Watcher): Promise<void>;
  /** Leaves the message alone for a while, because it shows a question. */
  hold(watcher: Watcher): void;
  /**
   * The database has not answered since: what the messages show is of then, and says so. Once a message, however often
   * it is called; the next round that succeeds puts it right.
   */
  databaseAway(knownAt: Date): Promise<void>;
  /** One round over everything watched. */
  round(): Promise<void>;
  start(): void;
  /** Resolves when the round under way is over. */
  stop(): Promise<void>;
}

export interface ProgressOptions {
  messages: ScreenMessages;
  services: Pick<BotServices, 'campaigns' | 'watchers' | 'users'>;
  textsFor(chatId: number): Promise<Texts>;
  logger: Logger;
  /** Done before each round. */
  beforeRound?: () => Promise<void>;
  /** Pause between rounds; Telegram bears an edit of one message every 3 s (telegram.md#rate-limits). */
  everyMs?: number;
}

const EVERY_MS = 3000;
/** How long a question may stand in a progress message before the progress comes back. */
const HOLD_MS = 60_000;
const MOST_HELD = 1000;
/** The speed shown is that of the last half minute. */
const PACE_WINDOW_MS = 30_000;

interface Shown {
  text: string;
  at: number;
  watcher: Watcher;
  status: CampaignStatus;
  texts: Texts;
}

export function createProgress({
  messages,
  services,
  textsFor,
  logger,
  beforeRound,
  everyMs = EVERY_MS,
}: ProgressOptions): Progress {
  /** What each message shows, and since when (epoch ms). */
  const shown = new Map<string, Shown>();
  /** Edits of one message one after another: else an older one could arrive last. */
  const turns = createTurns<string>();
  /** Messages in which a question stands. */
  const held = new LRUCache<string, true>({ max: MOST_HELD, ttl: HOLD_MS });
  const observed = new Map<string, { at: number; done: number }[]>();
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let stopped = false;

  const keyOf = ({ chatId, messageId }: Watcher): string => `${chatId}:${messageId}`;

  function paceOf({ id, state, ledger }: CampaignStatus): Pace {
    if (state !== 'running') {
      observed.delete(id);
      return {};
    }
    const now = Date.now();
    const seen = (observed.get(id) ?? []).filter(({ at }) => now - at < PACE_WINDOW_MS);
    seen.push({ at: now, done: doneCount(ledger) });
    observed.set(id, seen);
    const first = seen[0];
    const seconds = first ? (now - first.at) / 1000 : 0;
    // Two readings of the same moment say nothing about speed.
    return first && seconds >= 1 ? { perSecond: (doneCount(ledger) - first.done) / seconds } : {};
  }

  async function letGo(campaignId: string, watcher: Watcher): Promise<void> {
    shown.delete(keyOf(watcher));
    held.delete(keyOf(watcher));
    await services.watchers.remove(campaignId, watcher);
  }

  async function update(status: CampaignStatus, watcher: Watcher, pace: Pace): Promise<void> {
    const key = keyOf(watcher);
    const ended = hasEnded(status.state);
    if (!ended && held.has(key)) return;
    const texts = await textsFor(watcher.chatId);
    const screen = renderCampaign(status, texts, pace);
    const text = JSON.stringify(screen);
    const last = shown.get(key);
    if (last?.text !== text) {
      if (last && Date.now() - last.at < everyMs) return;
      const outcome = await messages.tryEdit(watcher.chatId, watcher.messageId, screen);
      if (outcome === 'later') return;
      if (outcome === 'gone') return replace(status.id, watcher, screen, ended);
      shown.set(key, { text, at: Date.now(), watcher, status, texts });
    }
    if (ended) await letGo(status.id, watcher);
  }

  /** The message was deleted: a new one takes its place. */
  async function replace(campaignId: string, watcher: Watcher, screen: Screen, ended: boolean): Promise<void> {
    const messageId = await messages.send(watcher.chatId, screen);
    await letGo(campaignId, watcher);
    if (!ended) await services.watchers.add(campaignId, { chatId: watcher.chatId, messageId });
  }

  async function updateAll(campaignId: string, watchers: readonly Watcher[]): Promise<void> {
    const found = await services.campaigns.status(campaignId);
    // Last words must be exact: counts may lag a little behind the state.
    const exact =
      found.ok && hasEnded(found.value.state) ? await services.campaigns.status(campaignId, { fresh: true }) : found;
    if (!exact.ok) {
      if (exact.refusal.code !== 'campaign_not_found') return;
      for (const watcher of watchers) await letGo(campaignId, watcher);
      return;
    }
    const pace = paceOf(exact.value);
    for (const watcher of watchers) {
      try {
        await turns.run(keyOf(watcher), () => update(exact.value, watcher, pace));
      } catch (error) {
        if (error instanceof Unreachable) {
          await services.users.update(watcher.chatId, { unreachableSince: new Date() });
          await letGo(campaignId, watcher);
        } else logger.warn({ err: error, campaignId }, 'could not update a progress message');
      }
    }
  }

  async function databaseAway(knownAt: Date): Promise<void> {
    for (const [key, { text, watcher, status, texts }] of shown) {
      if (hasEnded(status.state) || held.has(key)) continue;
      const screen = renderCampaign(status, texts, { knownAt });
      const away = JSON.stringify(screen);
      if (text === away) continue;
      try {
        // Not in turn: the round under way may wait for the database.
        const outcome = await messages.tryEdit(watcher.chatId, watcher.messageId, screen);
        if (outcome === 'done') shown.set(key, { text: away, at: Date.now(), watcher, status, texts });
      } catch (error) {
        logger.warn(
          { err: error, campaignId: status.id },
          'could not say in a progress message that its numbers are old',
        );
      }
    }
  }

  async function round(): Promise<void> {
    try {
      await beforeRound?.();
      const active = await services.watchers.active();
      await Promise.all(active.map(({ campaignId, watchers }) => updateAll(campaignId, watchers)));
    } catch (error) {
      logger.warn({ err: error }, 'progress: round failed, the next one tries again');
    }
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      underWay = round().finally(schedule);
    }, everyMs);
  }

  return {
    databaseAway,
    round,
    follow: async (chatId, messageId, status, texts) => {
      const screen = renderCampaign(status, texts, paceOf(status));
      const show = (): Promise<number> => messages.show(chatId, messageId, screen);
      const id = await (messageId === undefined ? show() : turns.run(keyOf({ chatId, messageId }), show));
      const watcher = { chatId, messageId: id };
      shown.set(keyOf(watcher), { text: JSON.stringify(screen), at: Date.now(), watcher, status, texts });
      held.delete(keyOf(watcher));
      // A draft goes nowhere by itself.
      if (hasEnded(status.state) || status.state === 'draft') return id;
      for (const former of await services.watchers.add(status.id, watcher)) {
        // It stays as it was, and its buttons would be about a state that has passed.
        shown.delete(keyOf(former));
        await messages.removeKeyboard(former.chatId, former.messageId);
      }
      return id;
    },
    unfollow: letGo,
    hold: (watcher) => void held.set(keyOf(watcher), true),
    start: () => {
      stopped = false;
      schedule();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
