/** The bot: what every update goes through, in order, and the composer of each area. */
import { DateTime } from 'luxon';
import type { Telegraf } from 'telegraf';
import type { Language } from '../config/i18n';
import type { Logger } from '../config/logger';
import type { Role } from '../domain/roles';
import { createCampaignMessages } from './campaign-messages';
import { audit } from './composers/audit';
import { approvalHistory } from './composers/approval-history';
import { createApprovalCards } from './composers/approvals';
import { campaigns } from './composers/campaigns';
import { chain } from './composers/chain';
import { conversationButtons, conversationContext, writtenAnswers } from './composers/conversation';
import { funnel } from './composers/funnel';
import { answerPresses, menu, nothingElse, unknownCommand } from './composers/menu';
import { lists } from './composers/lists';
import { createPossibleOptOuts } from './composers/possible-opt-outs';
import { newCampaign, people } from './composers/questions';
import { reports } from './composers/reports';
import { createReplies } from './composers/replies';
import { retry } from './composers/retry';
import { schedules } from './composers/schedules';
import { team } from './composers/team';
import { templates } from './composers/templates';
import type { BotContext } from './context';
import { createConversation } from './conversation/conversation';
import { saysWhatBroke } from './middleware/broken';
import { createHeadStart } from './middleware/head-start';
import { createKeptUpdates } from './middleware/kept';
import { createFloodWaits, type ChatBudget } from './middleware/flood-waits';
import { createKnownRoles } from './middleware/known-role';
import { createTurns, inTurn } from './middleware/in-turn';
import { onlyWithRight } from './middleware/rights';
import { handledOnce } from './middleware/stale';
import { reachability, teamOnly } from './middleware/team-only';
import { traced } from './middleware/traced';
import { createNoticeRound } from './notices';
import { createProgress } from './progress';
import { createScreenMessages } from './screen-messages';
import type { BotServices } from './services/contract';
import { sessions } from './session';
import { createTexts, type Texts } from './texts';

export interface BotOptions {
  telegraf: Telegraf<BotContext>;
  services: BotServices;
  /** IANA zone of the times that people read and type. */
  zone: string;
  language: Language;
  logger: Logger;
  clock?: () => Date;
  /** Pause between progress rounds. */
  progressEveryMs?: number;
  /** What Telegram bears in one chat; other than the default in tests only. */
  chatBudget?: ChatBudget;
}

export interface Bot {
  /** Starts the progress rounds; updates are taken as soon as Telegraf polls. */
  start(): void;
  /** Begins again with what a bot before was killed in; without it, the first update does. Telegram must be in reach. */
  takeUp(): Promise<void>;
  /**
   * The database has not answered since `knownAt`: live messages say so. Until `databaseBack`, only `team` may see
   * them, because roles cannot be looked up.
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
  team: ReadonlyMap<number, Role>;
}

/** So long a stopping bot waits for Telegram's permission to speak; work under way is finished in any case. */
const PATIENCE_MS = 15_000;

export function createBot(options: BotOptions): Bot {
  const { telegraf, services, zone, language, logger, clock: now = () => new Date() } = options;
  const { progressEveryMs, chatBudget } = options;
  const { users } = services;
  const turns = createTurns<number>();
  const stopping = new AbortController();
  let outage: Outage | undefined;
  const knownRoles = createKnownRoles((chatId) => users.roleOf(chatId));
  const roleOf = async (chatId: number): Promise<Role | undefined> =>
    outage ? outage.team.get(chatId) : knownRoles.roleOf(chatId);
  const mayKnow = async (chatId: number): Promise<boolean> => (await roleOf(chatId)) !== undefined;
  const textsFor = async (userId: number): Promise<Texts> =>
    createTexts((await users.find(userId))?.language ?? language, zone);

  const waits = createFloodWaits({
    mayKnow,
    logger,
    signal: stopping.signal,
    ...(chatBudget && { budget: chatBudget }),
  });
  const messages = createScreenMessages({ telegram: telegraf.telegram, waits, roleOf, logger });
  const possibleOptOuts = createPossibleOptOuts({ messages, services, textsFor, logger });
  const approvalCards = createApprovalCards({ messages, services, textsFor, logger });
  const replies = createReplies({ messages, services, textsFor, logger });
  const noticeRound = createNoticeRound({ messages, services, textsFor, logger });
  const progress = createProgress({
    ...{ messages, services, textsFor, logger, clock: now },
    beforeRound: async () => {
      await noticeRound();
      await possibleOptOuts.round();
      await approvalCards.round();
      await replies.round();
    },
    isBusy: (chatId) => turns.busy(chatId),
    ...(progressEveryMs === undefined ? {} : { everyMs: progressEveryMs }),
  });
  const headStart = createHeadStart({ users, sessions: services.sessions, turns });
  const kept = createKeptUpdates({ inbox: services.updates, telegraf, headStart, logger });
  const conversation = createConversation({
    messages,
    now: () => DateTime.fromJSDate(now(), { zone }),
    follow: async (chatId, status, texts) => void (await progress.follow(chatId, undefined, status, texts)),
  });
  const shown = createCampaignMessages(services, progress);

  telegraf.context.services = services;
  telegraf.context.log = logger;
  telegraf.use(
    kept.middleware,
    waits.middleware,
    inTurn(turns),
    traced(),
    saysWhatBroke({ users, messages, language, zone, now, stopping: stopping.signal }),
    teamOnly({ users, join: services.team.join, messages, zone, language, now }),
    knownRoles.middleware,
    reachability({ users, now }),
    sessions(services.sessions),
    messages.middleware,
    conversationContext(conversation),
    handledOnce(),
    onlyWithRight({ audit: services.audit, now }),

    // These answer their presses themselves, some with a pop-up.
    conversationButtons(conversation, messages),
    possibleOptOuts.buttons,
    approvalCards.buttons,
    replies.buttons,
    answerPresses(),

    menu({ users }),
    newCampaign(),
    campaigns({ services, progress, shown }),
    chain({ services, progress, shown }),
    retry({ services, shown, now }),
    reports({ services, shown }),
    schedules(services),
    templates(services),
    funnel({ messages, services }),
    replies.list,
    people(),
    lists(services),
    team({ services, now }),
    audit(services),
    approvalHistory(services),
    unknownCommand(),

    writtenAnswers(conversation),
    nothingElse(),
  );
  // Without it the first error would end the polling (telegram.md#telegraf).
  telegraf.catch((error) => logger.error({ err: error }, 'taking an update broke'));

  return {
    start: () => progress.start(),
    takeUp: () => kept.takeUp(),
    databaseAway: (present) => progress.databaseAway((outage = present).knownAt),
    databaseBack: () => void (outage = undefined),
    idle: async () => {
      await kept.drained();
      await turns.drained();
    },
    stop: async () => {
      const impatient = setTimeout(() => stopping.abort(), PATIENCE_MS);
      await progress.stop();
      await kept.drained();
      await turns.drained();
      clearTimeout(impatient);
      stopping.abort();
    },
  };
}
