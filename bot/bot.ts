/** The bot: takes Telegram's updates one by one a chat, and hands each to the part it is for. */
import { DateTime } from 'luxon';
import { nanoid } from 'nanoid';
import type { Telegraf } from 'telegraf';
import type { Update } from 'telegraf/types';
import type { Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import { createCampaignPanel } from './composers/campaigns';
import { createTurns } from './middleware/in-turn';
import { createConversation, type Turn } from './conversation/conversation';
import { createGate } from './middleware/team-only';
import { createNoticeRound } from './notices';
import { createOptOutPanel } from './composers/possible-opt-outs';
import { createProgress } from './progress';
import { createRouter } from './composers/menu';
import type { BotServices } from './services/contract';
import { createSessions, isRepeated } from './session';
import { createTelegramPort, Unreachable } from './telegram-port';
import { createTexts, type Texts } from './texts';

export interface BotOptions {
  telegraf: Telegraf;
  services: BotServices;
  /** IANA zone of the times that people read and type. */
  zone: string;
  language: Language;
  logger: Logger;
  clock?: () => Date;
  /** Pause between progress rounds. */
  progressEveryMs?: number;
}

export interface Bot {
  /** Starts the progress rounds; updates are taken as soon as Telegraf polls. */
  start(): void;
  /**
   * The database has not answered since `knownAt`: live messages say so. Until `databaseBack`, `team` are those who may
   * know: nobody else can be asked.
   */
  databaseAway(outage: Outage): Promise<void>;
  databaseBack(): void;
  /** Resolves when everything taken so far has been handled. */
  idle(): Promise<void>;
  /** Handles what was taken, then stops. Telegraf must poll no more. */
  stop(): Promise<void>;
}

interface Outage {
  knownAt: Date;
  team: ReadonlySet<number>;
}

/** So long a stopping bot waits for Telegram's permission to speak; work under way is finished in any case. */
const PATIENCE_MS = 15_000;

export function createBot(options: BotOptions): Bot {
  const { telegraf, services, zone, language, logger, clock = () => new Date(), progressEveryMs } = options;
  const stopping = new AbortController();
  /** Updates of one chat are handled strictly one after another, those of different chats side by side. */
  const queue = createTurns<number>();
  /** Buttons pressed and not yet dealt with. */
  const pending = new Set<string>();
  let outage: Outage | undefined;
  const port = createTelegramPort({
    telegram: telegraf.telegram,
    mayKnow: async (chatId) => outage?.team.has(chatId) ?? services.users.isMember(chatId),
    logger,
    signal: stopping.signal,
  });
  const sessions = createSessions(services.sessions);
  const now = (): DateTime => DateTime.fromJSDate(clock(), { zone });

  const textsFor = async (userId: number): Promise<Texts> =>
    createTexts((await services.users.find(userId))?.language ?? language, zone);
  const noticeRound = createNoticeRound({ port, services, textsFor, logger });
  const optOuts = createOptOutPanel({ port, services, textsFor, logger });
  const progress = createProgress({
    port,
    services,
    textsFor,
    logger,
    beforeRound: async () => {
      await noticeRound();
      await optOuts.round();
    },
    ...(progressEveryMs === undefined ? {} : { everyMs: progressEveryMs }),
  });
  const conversation = createConversation({
    port,
    services,
    sessions,
    now,
    follow: async (chatId, status, texts) => void (await progress.follow(chatId, undefined, status, texts)),
  });
  const panel = createCampaignPanel({ port, services, progress, conversation });
  const router = createRouter({ port, services, conversation, panel, optOuts, zone });
  const gate = createGate({ users: services.users, port, zone, language, now: clock });

  async function handle(update: Update, chatId: number, userId: number, answered: boolean): Promise<void> {
    let texts = createTexts(language, zone);
    try {
      const user = (await services.users.find(userId)) ?? { _id: userId };
      texts = createTexts(user.language ?? language, zone);
      if ('my_chat_member' in update) {
        const gone = update.my_chat_member.new_chat_member.status === 'kicked';
        return gone ? await markUnreachable(userId) : await services.users.markReachable(userId);
      }
      if (user.unreachableSince) await services.users.markReachable(userId);
      // Put out while this waited its turn.
      if (!(await services.users.isMember(userId))) return;
      const session = await sessions.load(chatId);
      const turn: Turn = {
        chatId,
        updateId: update.update_id,
        actor: { kind: 'telegram', id: userId },
        user,
        texts,
        session,
      };
      if (isRepeated(session, update.update_id)) return await conversation.repeat(turn);
      await router.route(update, turn, answered);
    } catch (error) {
      await broken(error, chatId, userId, texts);
    }
  }

  const markUnreachable = (userId: number): Promise<void> =>
    services.users.update(userId, { unreachableSince: clock() });

  /** Something that must not happen did: the person gets a code, the log what it stands for. */
  async function broken(error: unknown, chatId: number, userId: number, texts: Texts): Promise<void> {
    try {
      if (error instanceof Unreachable) return await markUnreachable(userId);
      // The wait for Telegram's permission was cut short: the bot is stopping.
      if (stopping.signal.aborted) return;
      const code = nanoid(6);
      logger.error({ err: error, code }, 'handling an update broke');
      await port.send(chatId, { html: texts.html('broken', { code }), keyboard: [] });
    } catch (further) {
      logger.error({ err: further }, 'could not say that something broke');
    }
  }

  telegraf.use(async ({ update }) => {
    const admitted = await gate.admit(update);
    if (!admitted) return;
    const { chatId, userId } = admitted;
    if (!('callback_query' in update)) return void queue.run(chatId, () => handle(update, chatId, userId, false));
    // A press that must wait its turn is answered at once: the button's spinner lives some seconds only.
    const answered = queue.busy(chatId);
    if (answered) void port.answer(update.callback_query.id);
    const press = pressKey(update);
    if (pending.has(press)) return; // A double tap: the first one is still at work.
    pending.add(press);
    void queue.run(chatId, () => handle(update, chatId, userId, answered).finally(() => pending.delete(press)));
  });
  // Without it the first error would end the polling (telegram.md#telegraf).
  telegraf.catch((error) => logger.error({ err: error }, 'taking an update broke'));

  return {
    start: () => progress.start(),
    databaseAway: (now) => progress.databaseAway((outage = now).knownAt),
    databaseBack: () => void (outage = undefined),
    idle: () => queue.drained(),
    stop: async () => {
      const impatient = setTimeout(() => stopping.abort(), PATIENCE_MS);
      await progress.stop();
      await queue.drained();
      clearTimeout(impatient);
      stopping.abort();
    },
  };
}

/** One button of one message in one chat. */
function pressKey({ callback_query: query }: Update.CallbackQueryUpdate): string {
  return `${query.message?.chat.id}:${query.message?.message_id}:${'data' in query ? query.data : ''}`;
}
