/**
 * Live progress: keeps the watched messages in step with their campaigns. Who watches what is kept in
 * MongoDB, so that a restarted bot goes on; a message is let go only after its last edit has arrived.
 *
 * Edits share a chat's budget at Telegram with the answers to presses, which go first: a chat gets one edit a round, of
 * the card that needs it most, and none while somebody is pressing buttons there. What changed meanwhile is in the next.
 */
import { LRUCache } from 'lru-cache';
import type { Logger } from '../config/logger';
import type { CampaignStatus } from '../campaigns/contract';
import { hasEnded } from '../domain/story/campaign';
import { doneCount } from '../domain/story/ledger';
import type { Screen } from './screen';
import { createTurns } from './middleware/in-turn';
import { renderCampaign, renderMoved, type Pace } from './screens/campaign-progress';
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
  /** Between two readings of its time the speed is reckoned. */
  clock: () => Date;
  /** Done before each round. */
  beforeRound?: () => Promise<void>;
  /** Somebody is pressing or writing in the chat: edits that can wait do. */
  isBusy?: (chatId: number) => boolean;
  /** Pause between rounds; Telegram bears an edit of one message every 3 s (telegram.md#rate-limits). */
  everyMs?: number;
}

const EVERY_MS = 3000;
/** How long a question may stand in a progress message before the progress comes back. */
const HOLD_MS = 60_000;
const MOST_HELD = 1000;
/** However busy a chat is, its cards are not older than this (ms). */
const MOST_WAIT_MS = 15_000;
/** The speed shown is that of the last half minute. */
const PACE_WINDOW_MS = 30_000;

interface Shown {
  text: string;
  at: number;
  watcher: Watcher;
  status: CampaignStatus;
  texts: Texts;
}

/** A watched message and what it has to show. */
interface Card {
  status: CampaignStatus;
  watcher: Watcher;
  pace: Pace;
  /** A newer message of the chat shows the campaign. */
  isFormer: boolean;
}

export function createProgress({
  messages,
  services,
  textsFor,
  logger,
  clock,
  beforeRound,
  isBusy = () => false,
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
    const now = clock().getTime();
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

  /** True if Telegram was asked for something. */
  async function update({ status, watcher, pace, isFormer }: Card): Promise<boolean> {
    const key = keyOf(watcher);
    const ended = hasEnded(status.state);
    if (!ended && held.has(key)) return false;
    const texts = await textsFor(watcher.chatId);
    const screen = isFormer && !ended ? renderMoved(status, texts) : renderCampaign(status, texts, pace);
    const text = JSON.stringify(screen);
    const last = shown.get(key);
    const isSame = last?.text === text;
    if (!isSame) {
      if (last && Date.now() - last.at < everyMs) return false;
      const outcome = await messages.tryEdit(watcher.chatId, watcher.messageId, screen);
      if (outcome === 'later') return true;
      if (outcome === 'gone' && !isFormer) {
        await replace(status.id, watcher, screen, ended);
        return true;
      }
      shown.set(key, { text, at: Date.now(), watcher, status, texts });
    }
    if (ended || isFormer) await letGo(status.id, watcher);
    return !isSame;
  }

  /** The message was deleted: a new one takes its place. */
  async function replace(campaignId: string, watcher: Watcher, screen: Screen, ended: boolean): Promise<void> {
    const messageId = await messages.send(watcher.chatId, screen);
    await letGo(campaignId, watcher);
    if (!ended) await services.watchers.add(campaignId, { chatId: watcher.chatId, messageId });
  }

  async function cardsOf(campaignId: string, watchers: readonly Watcher[]): Promise<Card[]> {
    const found = await services.campaigns.status(campaignId);
    // Last words must be exact: counts may lag a little behind the state.
    const exact =
      found.ok && hasEnded(found.value.state) ? await services.campaigns.status(campaignId, { fresh: true }) : found;
    if (!exact.ok) {
      if (exact.refusal.code === 'campaign_not_found') for (const watcher of watchers) await letGo(campaignId, watcher);
      return [];
    }
    const status = exact.value;
    const pace = paceOf(status);
    return watchers.map((watcher, at) => ({
      ...{ status, watcher, pace },
      isFormer: watchers.slice(at + 1).some(({ chatId }) => chatId === watcher.chatId),
    }));
  }

  /** One edit at most: the last word of an ended campaign before a former message, before the card shown longest ago. */
  async function updateChat(chatId: number, cards: readonly Card[]): Promise<void> {
    const shownAt = ({ watcher }: Card): number => shown.get(keyOf(watcher))?.at ?? 0;
    const newest = Math.max(0, ...cards.map(shownAt));
    const urgency = ({ status, isFormer }: Card): number => (hasEnded(status.state) ? 0 : isFormer ? 1 : 2);
    for (const card of cards.toSorted((a, b) => urgency(a) - urgency(b) || shownAt(a) - shownAt(b))) {
      if (isBusy(chatId) && Date.now() - newest < MOST_WAIT_MS) return;
      try {
        if (await turns.run(keyOf(card.watcher), () => update(card))) return;
      } catch (error) {
        if (error instanceof Unreachable) {
          await services.users.update(chatId, { unreachableSince: new Date() });
          await letGo(card.status.id, card.watcher);
        } else logger.warn({ err: error, campaignId: card.status.id }, 'could not update a progress message');
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
      const cards = await Promise.all(active.map(({ campaignId, watchers }) => cardsOf(campaignId, watchers)));
      const byChat = new Map<number, Card[]>();
      for (const card of cards.flat()) {
        const { chatId } = card.watcher;
        byChat.set(chatId, [...(byChat.get(chatId) ?? []), card]);
      }
      await Promise.all([...byChat].map(([chatId, ofChat]) => updateChat(chatId, ofChat)));
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
      await services.watchers.add(status.id, watcher);
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
