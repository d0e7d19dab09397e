/** What Telegram sent and the bot has not dealt with: once each, in order, and not for ever. */
import { createUpdateInbox } from '../../store/update-inbox';
import { testMongo } from '../support/servers';

test('is kept once, given out until it is done, and given up when no bot survives it', async () => {
  const mongo = await testMongo();
  try {
    const inbox = createUpdateInbox(mongo.db);
    const odd = { update_id: 7, message: { 'a.b': '$x', text: 'привет' } };
    expect(await inbox.keep({ update_id: 9 })).toBe(true);
    expect(await inbox.keep(odd)).toBe(true);
    expect(await inbox.keep(odd)).toBe(false);
    const left = async (bot: string): Promise<object[]> => (await inbox.left(bot)).map(({ update }) => update);
    // A bot that asks again, because the first answer did not come in time, counts once.
    for (let asked = 0; asked < 5; asked++) expect(await left('first')).toEqual([odd, { update_id: 9 }]);
    await inbox.done(7);
    expect(await inbox.keep(odd)).toBe(false);
    expect(JSON.stringify(await mongo.db.collection('updates').find().toArray())).not.toContain('привет');
    const nine = [{ update_id: 9 }];
    expect([await left('second'), await left('third'), await left('third')]).toEqual([nine, nine, nine]);
    expect(await left('fourth')).toEqual([]);
  } finally {
    await mongo.close();
  }
});
