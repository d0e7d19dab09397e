/**
 * The traces of a person in what Gupshup told: events, bodies that were kept whole, user ids, STOPs that named nobody.
 */
import type { Collection, Db, Filter } from 'mongodb';
import { nanoid } from 'nanoid';
import type { Actor } from '../domain/story/actor';
import type { OptOutAnswer } from '../domain/opt-outs/possible-opt-out';
import { anySpelling } from './shared';
import type { DeliveryDocument } from './documents';
import { byIds, deliveryLookups } from './delivery-lookups';
import { ERASED } from './erase-traces';
import { createMentions, type Mentions } from './erase-mentions';
import type { PossibleOptOutDocument } from './possible-opt-outs';
import { receiptCollections, takeOut } from './receipts';
import type { UserIdDocument } from './user-ids';

/**
 * Returns how many events were removed. A body with other people loses only this person's parts; another person's
 * waiting event loses only the number in it. `isThis`: whether a text is their number.
 */
export async function eraseEvents(
  db: Db,
  phone: string,
  { isThis, by }: { isThis: (text: string) => boolean; by: Actor },
): Promise<number> {
  const { receipts, inbox, waiting } = receiptCollections(db);
  const userIds = db.collection<UserIdDocument>('userIds');
  const ids = (await userIds.find({ phone: anySpelling(phone) }).toArray()).map(({ _id }) => _id);
  const mentions = createMentions(phone, ids, isThis);
  const theirs = await eventsOf(db, phone, ids);
  await waiting.deleteMany({ $or: theirs });
  // What has been looked at goes from the inbox to the records.
  const [fresh, together] = [await eraseTogether(inbox, theirs, mentions), await eraseTogether(receipts, theirs, mentions)]; // prettier-ignore
  const { deletedCount } = await receipts.deleteMany({ $or: theirs });
  const others = await eraseFromTexts(db, mentions);
  await eraseStops(db, { phone, userIds: ids, mentions, by });
  // Last: they tell which of all this is theirs.
  await userIds.deleteMany({ phone: anySpelling(phone) });
  return deletedCount + fresh + together + others;
}

/** Documents of several events lose those that are theirs or mention them. Answers with how many of those had no record. */
async function eraseTogether<
  T extends { _id: string; events?: { receiptId: string; raw?: string; repeatable?: true }[] },
>(from: Collection<T>, theirs: readonly Record<string, unknown>[], mentions: Mentions): Promise<number> {
  const within = theirs.map((one) => Object.fromEntries(Object.entries(one).map(([field, value]) => [`events.${field}`, value]))); // prettier-ignore
  const any = { $or: [...within, { 'events.raw': { $regex: mentions.pattern } }] } as Filter<T>;
  let count = 0;
  for (const { _id, events = [] } of await from.find(any).toArray()) {
    const mentioned = events.filter(({ raw = '' }) => mentions.in(raw)).map(({ receiptId }) => receiptId);
    await takeOut(from, { _id } as Filter<T>, [...theirs, { receiptId: { $in: mentioned } }]);
    const left = new Set((await from.findOne({ _id } as Filter<T>))?.events?.map(({ receiptId }) => receiptId));
    count += events.filter(({ receiptId, repeatable }) => repeatable && !left.has(receiptId)).length;
  }
  return count;
}

/** Filters, each of which finds some of their events. */
async function eventsOf(db: Db, phone: string, userIds: string[]): Promise<Record<string, unknown>[]> {
  const deliveries = db.collection<DeliveryDocument>('deliveries');
  const theirs = await deliveryLookups(db).toPerson(phone);
  const sent = await byIds(deliveries, theirs, {}, { messageId: 1, whatsappId: 1 });
  const names = sent.flatMap(({ messageId, whatsappId }) => [messageId, whatsappId].filter((id) => id !== undefined));
  const any = (fields: string[], value: unknown): Record<string, unknown>[] =>
    fields.map((field) => ({ [`event.${field}`]: value }));
  return [
    ...any(['phone', 'newPhone', 'destination'], anySpelling(phone)),
    ...any(['userId', 'newUserId'], { $in: userIds }),
    ...any(['messageId', 'whatsappId', 'contextMessageId', 'contextId'], { $in: names }),
  ];
}

/** Events of a kind that is not known, bodies of several events, and what others wrote. */
async function eraseFromTexts(db: Db, mentions: Mentions): Promise<number> {
  const { receipts, inbox, waiting } = receiptCollections(db);
  let count = 0;
  for await (const { _id, raw = '', event } of receipts.find({ raw: { $regex: mentions.pattern } })) {
    if (!mentions.in(raw)) continue;
    count++;
    const left = (event as { kind: string }).kind === 'body' ? mentions.withoutMembers(raw) : undefined;
    if (left !== undefined) await receipts.updateOne({ _id }, { $set: { raw: left } });
    else if (!(await inbox.findOne({ 'events.receiptId': _id })) && !(await waiting.findOne({ _id }))) await receipts.deleteOne({ _id });
    else {
      // Another person's, and not applied yet: it may be a STOP.
      const masked = maskedEvent(event, mentions);
      await receipts.updateOne({ _id }, { $set: { raw: mentions.masked(raw), event: masked } });
      const arrayFilters = [{ 'one.receiptId': _id }];
      await inbox.updateMany({ 'events.receiptId': _id }, { $set: { 'events.$[one].event': masked } }, { arrayFilters });
      await waiting.updateOne({ _id }, { $set: { event: masked } });
    }
  } // prettier-ignore
  return count;
}

function maskedEvent(event: unknown, mentions: Mentions): object {
  const fields = Object.entries(event as object);
  return Object.fromEntries(
    fields.map(([name, value]) => [name, typeof value === 'string' ? mentions.masked(value) : (value as unknown)]),
  );
}

/**
 * That there was one stays, under a name that is nobody's; its messages in Telegram lose the words at the bot's next
 * round.
 */
async function eraseStops(
  db: Db,
  { phone, userIds, mentions, by }: { phone: string; userIds: string[]; mentions: Mentions; by: Actor },
): Promise<void> {
  const stops = db.collection<PossibleOptOutDocument>('possibleOptOuts');
  const answer: OptOutAnswer = { choice: 'erased', by, at: new Date() };
  const theirs = await stops.find({ $or: [{ phone: anySpelling(phone) }, { userId: { $in: userIds } }] }).toArray();
  // WhatsApp's id of a message has the number in it.
  for (const { _id, phone: _phone, userId: _userId, name: _name, text: _text, ...kept } of theirs) {
    await stops.insertOne({ answer, ...kept, _id: `${ERASED}:${nanoid()}` });
    await stops.deleteOne({ _id });
  }
  for await (const { _id, text } of stops.find({ text: { $regex: mentions.pattern } }))
    await stops.updateOne({ _id }, { $set: { text: mentions.masked(text!) } });
}
