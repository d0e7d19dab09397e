/**
 * `alerts`: what the team is to be told, and was: a document a subject (`_id` = `<kind>:<subject>`), with its condition,
 * the one last told, and when to tell the next. Written before anybody is told, so that a restart neither loses an alert
 * nor repeats it.
 */
import type { Db } from 'mongodb';
import { decideAlert, type AlertKind, type Condition } from '../domain/alerts';
import type { CrmTroubleKind } from './crm-accounts';
import { insertNew, type Indexes } from './shared';

/** What each kind's message quotes, besides its condition. */
export interface AlertData {
  campaignPaused: { campaignId: string };
  campaignEnded: { campaignId: string };
  /** `back`: the sender that sends again; absent: one has stood aside. */
  campaignAside: { campaignId: string; back?: string };
  campaignResults: { campaignId: string };
  chainPaused: { campaignId: string };
  chainEnded: { campaignId: string };
  testFailed: { campaignId: string };
  template: TemplateMeant & { reason?: string };
  templateQuality: TemplateMeant;
  /** `announced`: it is to be so from the first of next month on. */
  /** `was`: the category before, where it is known. */
  templateCategory: TemplateMeant & { category: string; announced: boolean; was?: string };
  account: { sender: string; restrictions?: string[] };
  number: { sender: string };
  tier: { limit: number };
  room: { limit: number; used: number };
  wallet: { sender: string; balance: number; below: number };
  /** Messages a second: what the provider takes, and the cap. */
  rate: { sender: string; perSecond: number; cap: number };
  crm: { account: string; kind: CrmTroubleKind; detail: string };
  worker: { waiting: number };
  /** `YYYY-MM-DD`, in the product's zone. */
  digest: { day: string };
}

interface TemplateMeant {
  sender: string;
  name: string;
  /** Gupshup's, as far as it is known. */
  templateIds: string[];
}

type Alert = { [K in AlertKind]: { kind: K; data: AlertData[K] } }[AlertKind];

export type Raised = Alert & {
  /** With the kind, what the alert is about. */
  subject: string;
  condition: Condition;
  /** Only these of those who may hear it; absent: all of them. */
  to?: number[];
};

export type AlertDocument = Alert & {
  _id: string;
  condition: Condition;
  told?: Condition;
  /** When to tell the condition, or to try again; absent: there is nothing to tell. */
  tellAt?: Date;
  /** Since when it waits to be told. */
  dueSince?: Date;
  to?: number[];
  /** Chats that have been told the condition. */
  toldTo: number[];
  /** Rises with each condition: what is written about an earlier one changes nothing. */
  version: number;
};

export interface AlertStore {
  /** News of a subject: `domain/alerts.ts` decides what becomes of it. Safe to repeat. */
  raise(raised: Raised, now?: Date): Promise<void>;
  find(kind: AlertKind, subject: string): Promise<AlertDocument | undefined>;
  /** All subjects of these kinds, as they are known. */
  ofKinds(kinds: readonly AlertKind[]): Promise<AlertDocument[]>;
  /** One that is due, for this process alone until `until`. */
  take(now: Date, until: Date): Promise<AlertDocument | undefined>;
  /** This chat has got the message. */
  toldTo(alert: AlertDocument, chatId: number): Promise<void>;
  /** Everybody has been told whom it reaches. */
  done(alert: AlertDocument, now: Date): Promise<void>;
  /** It is true no more, and was not told. */
  drop(alert: AlertDocument): Promise<void>;
  /** Somebody could not be told: try again then. */
  putOff(alert: AlertDocument, until: Date): Promise<void>;
}

/** News of one subject come from a few processes at most. */
const TRIES = 20;

// Sparse, as in receipts.ts.
export const ALERT_INDEXES: Indexes = { alerts: [{ key: { tellAt: 1 }, sparse: true }] };

export function createAlertStore(db: Db): AlertStore {
  const alerts = db.collection<AlertDocument>('alerts');

  /** False when another process was faster. */
  async function tryRaise({ kind, data, subject, condition, to }: Raised, now: Date): Promise<boolean> {
    const _id = `${kind}:${subject}`;
    const found = await alerts.findOne({ _id });
    const known = found && { ...found.condition, ...(found.told && { told: found.told }) };
    const decision = decideAlert(kind, known ?? undefined, condition, now);
    if (decision.do === 'ignore') return true;
    const tells = decision.do === 'tell';
    const fields = { kind, data, condition, toldTo: [], ...(to && { to }) };
    const due = tells ? { tellAt: decision.at, dueSince: decision.at } : {};
    if (!found) {
      const before = await insertNew(alerts, [{ _id, version: 1, ...fields, ...due } as AlertDocument]);
      return before.size === 0;
    }
    const { matchedCount } = await alerts.updateOne(
      { _id, version: found.version },
      {
        // Kind and data belong together, as they came.
        $set: { ...fields, ...due } as Partial<AlertDocument>,
        $inc: { version: 1 },
        $unset: { ...(!tells && { tellAt: 1, dueSince: 1 }), ...(!to && { to: 1 }) },
      },
    );
    return matchedCount === 1;
  }

  const ofVersion = ({ _id, version }: AlertDocument): Pick<AlertDocument, '_id' | 'version'> => ({ _id, version });

  return {
    raise: async (raised, now = new Date()) => {
      for (let tries = 0; tries < TRIES; tries++) if (await tryRaise(raised, now)) return;
      throw new Error(`alerts: ${raised.kind} changed ${TRIES} times while it was being raised`);
    },
    find: async (kind, subject) => (await alerts.findOne({ _id: `${kind}:${subject}` })) ?? undefined,
    ofKinds: (kinds) => alerts.find({ kind: { $in: [...kinds] } }).toArray(),
    take: async (now, until) =>
      (await alerts.findOneAndUpdate(
        { tellAt: { $lte: now } },
        { $set: { tellAt: until } },
        { sort: { tellAt: 1 }, returnDocument: 'after' },
      )) ?? undefined,
    toldTo: async (alert, chatId) => void (await alerts.updateOne(ofVersion(alert), { $addToSet: { toldTo: chatId } })),
    done: async (alert, now) => {
      await alerts.updateOne({ _id: alert._id }, { $set: { told: { is: alert.condition.is, at: now } } });
      await alerts.updateOne(ofVersion(alert), { $unset: { tellAt: 1, dueSince: 1 } });
    },
    drop: async (alert) => void (await alerts.updateOne(ofVersion(alert), { $unset: { tellAt: 1, dueSince: 1 } })),
    putOff: async (alert, until) => void (await alerts.updateOne(ofVersion(alert), { $set: { tellAt: until } })),
  };
}
