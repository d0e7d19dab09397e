/**
 * `messaging`: the room in Meta's messaging limit, shared by all numbers, workers and campaigns of the portfolio.
 *
 * The people who count are in `deliveries` (claims of the last 24 hours that may have reached someone). One document
 * holds an upper bound of their number and is taken from atomically, so that several workers cannot exceed the limit;
 * when the bound leaves no room, a count corrects it.
 */
import type { Db, UpdateFilter } from 'mongodb';
import type { DeliveryState } from '../domain/story/delivery';
import {
  keptOf,
  LIMIT_WINDOW_MS,
  roomLeft,
  UNLIMITED,
  type MessagingLimit,
  type Room,
} from '../domain/messaging-limit';
import { bySpelling, personKey } from '../domain/phones/person';
import type { CampaignDocument, DeliveryDocument } from './documents';
import { byIds, deliveryLookups, ofCampaign } from './delivery-lookups';
import { ensureDocument } from './shared';

/** A delivery whose claim is written, and that is about to be sent. */
export interface Entering {
  _id: string;
  phone: string;
}

export interface MessagingStore {
  /**
   * The limit in force: the setting, else what Gupshup last reported, else none; and how many people of it are kept for
   * tests and single messages: campaigns leave them free. `kept` is never above `limit`.
   */
  rules(): Promise<{ limit: MessagingLimit; kept: number }>;
  /** From the settings; undefined = not set. `kept`: how many are to be kept, if the limit is large enough. */
  configure(limit: MessagingLimit | undefined, kept?: number): Promise<void>;
  /** At most so many people count now; undefined before the first counting. */
  bound(): Promise<number | undefined>;
  /** From an event of Gupshup. */
  report(limit: MessagingLimit): Promise<void>;
  /**
   * Takes room for claimed deliveries, for each whether there was some. Who was written to within the window takes
   * none. Room that was taken and not used comes back with the next counting.
   */
  enter(entering: readonly Entering[], limit: MessagingLimit): Promise<boolean[]>;
  /**
   * Counts the people messaged within the window and corrects the bound. Scans the campaigns of that time. With
   * `allButThese`, counts everyone being sent to except these deliveries, some of which may not have taken room.
   */
  count(limit: MessagingLimit, options?: { allButThese?: ReadonlySet<string> }): Promise<Room>;
}

interface PortfolioDocument {
  _id: 'portfolio';
  /** At most this many people count now. */
  used: number;
  /** The total ever taken; a difference shows what was taken during a count. */
  taken: number;
  /** For the last taker to read. */
  granted?: number;
  /** Unlimited is -1: JSON and BSON tools have no infinity in common. */
  configured?: number;
  reported?: number;
  /** To be kept for tests, as the settings say. */
  kept?: number;
}

const ID = 'portfolio';
/** Before the first count there is no room. */
const NEVER_COUNTED = Number.MAX_SAFE_INTEGER / 2;
/** A message that may have reached its person. One that failed never did: those do not count (Meta: "deliver to"). */
const SENT: DeliveryState[] = ['unknown', 'accepted', 'sent', 'delivered', 'read'];

/** The collection. `windowMs` is shorter in tests only. */
export function createMessagingStore(db: Db, windowMs = LIMIT_WINDOW_MS): MessagingStore {
  const portfolio = db.collection<PortfolioDocument>('messaging');
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const campaigns = db.collection<CampaignDocument>('campaigns');
  const lookups = deliveryLookups(db);
  let made: Promise<void> | undefined;

  function ensure(): Promise<void> {
    made ??= ensureDocument(portfolio, ID, { used: NEVER_COUNTED, taken: 0 }).catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  }

  /** The people who count already: someone has sent to them. Not yet those whose send is under way. */
  async function alreadyIn(entering: readonly Entering[]): Promise<Set<string>> {
    const { spellings } = bySpelling(entering.map(({ phone }) => phone));
    const since = { claimedAt: { $gte: new Date(Date.now() - windowMs) } };
    const found = await byIds(deliveries, await lookups.toPhones(spellings), since, { phone: 1, state: 1 });
    return new Set(found.flatMap(({ phone, state }) => (SENT.includes(state) ? [personKey(phone!)] : [])));
  }

  async function mark(entering: readonly Entering[], update: UpdateFilter<DeliveryDocument>): Promise<void> {
    if (entering.length === 0) return;
    await deliveries.updateMany({ _id: { $in: entering.map(({ _id }) => _id) }, state: 'sending' }, update);
  }

  /** Takes up to `wanted`; answers with how many it got. */
  async function take(wanted: number, limit: MessagingLimit): Promise<number> {
    await ensure();
    const after = await portfolio.findOneAndUpdate(
      { _id: ID },
      [
        { $set: { granted: { $max: [0, { $min: [wanted, { $subtract: [inForce(limit), '$used'] }] }] } } },
        { $set: { used: { $add: ['$used', '$granted'] }, taken: { $add: ['$taken', '$granted'] } } },
      ],
      { returnDocument: 'after' },
    );
    return after?.granted ?? 0;
  }

  /** When each person who counts was last written to (Unix ms). */
  async function lastWritten(allButThese?: ReadonlySet<string>): Promise<number[]> {
    const since = new Date(Date.now() - windowMs);
    const alive = await campaigns
      .find(
        { startedAt: { $exists: true }, $or: [{ endedAt: { $exists: false } }, { endedAt: { $gte: since } }] },
        { projection: { _id: 1 } },
      )
      .toArray();
    const last = new Map<string, number>();
    for (const { _id: id } of alive) {
      const found = deliveries.find(
        { ...ofCampaign(id), claimedAt: { $gte: since }, state: { $in: [...SENT, 'sending'] } },
        { projection: { phone: 1, claimedAt: 1, state: 1, inRoom: 1 } },
      );
      for await (const { _id, phone, claimedAt, state, inRoom } of found.batchSize(10_000)) {
        // Who is being sent to right now counts when they have taken room.
        if (state === 'sending' && !inRoom && (!allButThese || allButThese.has(_id))) continue;
        const person = personKey(phone!);
        last.set(person, Math.max(last.get(person) ?? 0, claimedAt!.getTime()));
      }
    }
    return [...last.values()];
  }

  const rules: MessagingStore['rules'] = async () => {
    const found = await portfolio.findOne({ _id: ID }, { projection: { configured: 1, reported: 1, kept: 1 } });
    const stored = found?.configured ?? found?.reported;
    const limit = stored === undefined || stored < 0 ? UNLIMITED : stored;
    return { limit, kept: keptOf(limit, found?.kept ?? 0) };
  };

  return {
    rules,
    bound: async () => {
      const found = await portfolio.findOne({ _id: ID }, { projection: { used: 1 } });
      return found && found.used < NEVER_COUNTED ? found.used : undefined;
    },
    configure: async (limit, kept = 0) => {
      await ensure();
      await portfolio.updateOne(
        { _id: ID },
        limit === undefined
          ? { $set: { kept }, $unset: { configured: 1 } }
          : { $set: { kept, configured: stored(limit) } },
      );
    },
    report: async (limit) => {
      await ensure();
      await portfolio.updateOne({ _id: ID }, { $set: { reported: stored(limit) } });
    },
    enter: async (entering, limit) => {
      const admitted = await alreadyIn(entering);
      const newcomers = entering.filter(({ phone }) => !admitted.has(personKey(phone)));
      const people = [...new Set(newcomers.map(({ phone }) => personKey(phone)))];
      // Marked first: a count between the two writes counts too many, never too few. The others are marked too, because
      // what they counted by may expire or fail before this send has its answer.
      await mark(entering, { $set: { inRoom: true } });
      if (people.length > 0) {
        const granted = await take(people.length, limit);
        people.slice(0, granted).forEach((person) => admitted.add(person));
        await mark(
          newcomers.filter(({ phone }) => !admitted.has(personKey(phone))),
          { $unset: { inRoom: 1 } },
        );
      }
      return entering.map(({ phone }) => admitted.has(personKey(phone)));
    },
    count: async (limit, { allButThese } = {}) => {
      await ensure();
      const before = await portfolio.findOne({ _id: ID }, { projection: { taken: 1 } });
      const last = await lastWritten(allButThese);
      // Room taken before the count belongs to earlier claims and was counted; room taken since is added.
      await portfolio.updateOne({ _id: ID }, [
        { $set: { used: { $add: [last.length, { $subtract: ['$taken', before?.taken ?? 0] }] } } },
      ]);
      return roomLeft(limit, last, windowMs);
    },
  };
}

function stored(limit: MessagingLimit): number {
  return limit === UNLIMITED ? -1 : limit;
}

/** The limit as the taker knows it, or the one that has been set meanwhile, if that is smaller. */
function inForce(limit: MessagingLimit): object {
  const set = { $ifNull: ['$configured', { $ifNull: ['$reported', stored(UNLIMITED)] }] };
  return { $cond: [{ $lt: [set, 0] }, limit, { $min: [limit, set] }] };
}
