/** What `doctor` finds about the senders: those in trouble, those that campaigns need and the settings lack, and idle ones. */
import { mongodbChecks } from '../../cli/doctor/machinery';
import type { MongodbHealth } from '../../store/health';

const worker = (...senders: string[]) => ({ role: 'worker', senders, at: new Date(), lives: true });
const health = (changes: Partial<MongodbHealth>): MongodbHealth => ({
  ...{ version: '8.0.0', database: 'd', receipts: { waiting: 0 }, roles: [worker('One', 'Two')], goingOn: 0 },
  ...{ possibleOptOuts: { unsure: 0, unnamed: 0 }, wanted: [], troubles: [], ...changes },
});

test.each<[string, Partial<MongodbHealth>, string[], 'ok' | 'problem', RegExp, RegExp?]>([
  ['nothing', { wanted: [{ sender: 'One', campaigns: 2 }] }, ['One', 'Two'], 'ok', /^no known trouble$/],
  ['a sender in trouble', { troubles: [{ sender: 'One', code: 'c', detail: 'd' }] }, ['One', 'Two'], 'problem', /^One cannot send: d \(c\)$/, /resume/],
  ['one that campaigns need and the settings lack', { wanted: [{ sender: 'Gone', campaigns: 3 }] }, ['One', 'Two'], 'problem', /^Gone is not in the settings; its active campaigns: 3$/, /SENDERS_FILE.*campaign move/],
  ['one that no worker has', { roles: [worker('One')] }, ['One', 'Two'], 'problem', /^Two is in these settings, but in no worker's$/, /restart/],
  ['another worker has it', { roles: [worker('One'), worker('Two')] }, ['One', 'Two'], 'ok', /./],
  ['a worker that no longer lives does not count', { roles: [worker('One'), { ...worker('Two'), lives: false }] }, ['One', 'Two'], 'problem', /^Two is in/],
  ['no worker lives: that is said elsewhere', { roles: [] }, ['One', 'Two'], 'ok', /./],
  ['settings without senders say nothing about them', { wanted: [{ sender: 'Gone', campaigns: 3 }] }, [], 'ok', /./],
])('%s', async (_, changes, known, level, detail, ...[advice]) => {
  const check = mongodbChecks(() => Promise.resolve(health(changes)), known).find((one) => one.check === 'Senders')!;
  const finding = await check.run(new AbortController().signal);
  expect(finding).toMatchObject({ level, detail: expect.stringMatching(detail) });
  if (advice) expect(finding).toMatchObject({ advice: expect.stringMatching(advice) });
}); // prettier-ignore
