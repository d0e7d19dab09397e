/** What the changes of the clocks do to series, by zone and rhythm, as a real Temporal server reckons. */
import { randomUUID } from 'node:crypto';
import { Client, Connection, type ScheduleHandle } from '@temporalio/client';
import { DateTime } from 'luxon';
import { scheduleTimes } from '../../campaigns/temporal-calls';
import { clockWarnings } from '../../campaigns/series-clocks';
import { explain } from '../../config/errors';
import { clockChanges } from '../../domain/times/clock-change';
import { testTemporalAddress } from '../support/servers';

jest.setTimeout(60_000);

const DAY_MS = 86_400_000;
/** 13 months from here hold each zone's changes of 2027. */
const NOW = Date.parse('2026-11-23T00:00:00Z');

let connection: Connection;
let temporal: Client;
let made: ScheduleHandle[] = [];
beforeAll(async () => {
  connection = await Connection.connect({ address: testTemporalAddress() });
  temporal = new Client({ connection });
});
afterEach(async () => {
  await Promise.all(made.map((one) => one.delete()));
  made = [];
});
afterAll(() => connection?.close());

async function schedule(cron: string, zone: string, startAt?: Date): Promise<ScheduleHandle> {
  const handle = await temporal.schedule.create({
    scheduleId: `clocks/${randomUUID()}`,
    spec: { cronExpressions: [cron], timezone: zone, ...(startAt && { startAt }) },
    state: { paused: true },
    action: { type: 'startWorkflow', workflowType: 'nobody', taskQueue: 'nowhere' },
  });
  made.push(handle);
  return handle;
}

async function warningsOf(cron: string, zone: string): Promise<Awaited<ReturnType<typeof clockWarnings>>> {
  const handle = await schedule(cron, zone);
  const { calendars = [] } = (await handle.describe()).spec;
  return clockWarnings(temporal, { scheduleId: handle.scheduleId, zone, calendars }, NOW);
}

const LEFT = 'series_left_out';
const AGAIN = 'series_fires_again';
const MOVED = 'series_moved';
const LOST = 'series_hour_lost';

test.each<[zone: string, cron: string, ...[code: string, day: string, clocks: string][]]>([
  ['Europe/Moscow', '30 2 * * *'],
  ['Asia/Tehran', '30 0 * * *'],
  ['UTC', '0 * * * *'],
  ['Europe/Berlin', '0 10 * * 2'],
  ['Europe/Berlin', '30 2 * * *', [LEFT, '2027-03-28', '02:30']],
  ['Europe/Berlin', '30 2 * * 0', [LEFT, '2027-03-28', '02:30']],
  ['Europe/Berlin', '30 2 * * 2'],
  // The clock comes to 01:30 once; the server fires again an hour later, at 02:30.
  ['Europe/Berlin', '30 1 * * *', [AGAIN, '2027-10-31', '02:30']],
  ['Europe/Berlin', '0 3 * * *'],
  ['Europe/Berlin', '0 * * * *', [LEFT, '2027-03-28', '02:00'], [LOST, '2027-10-31', '02:00']],
  ['Europe/Berlin', '0 */2 * * *', [LEFT, '2027-03-28', '02:00']],
  ['Europe/Berlin', '0 9-20 * * MON-FRI'],
  ['Europe/London', '30 1 * * *', [LEFT, '2027-03-28', '01:30']],
  ['Europe/London', '30 0 * * *', [AGAIN, '2027-10-31', '01:30']],
  ['Europe/London', '0 * * * *', [LEFT, '2027-03-28', '01:00'], [LOST, '2027-10-31', '01:00']],
  ['America/New_York', '30 1 * * *', [AGAIN, '2027-11-07', '01:30']],
  ['America/New_York', '30 1 * * MON'],
  ['America/New_York', '30 2 * * *', [LEFT, '2027-03-14', '02:30']],
  ['America/New_York', '0 * * * *', [LEFT, '2027-03-14', '02:00'], [AGAIN, '2027-11-07', '01:00']],
  ['America/Santiago', '30 23 * * *', [AGAIN, '2027-04-03', '23:30']],
  // The Sunday of spring has no midnight: after it the server takes Sunday for the Saturday, daytime and all.
  ['America/Santiago', '30 23 * * 6', [AGAIN, '2027-04-03', '23:30'], [AGAIN, '2027-09-05', '23:30']],
  ['America/Santiago', '0 10 * * 6', [AGAIN, '2027-09-05', '10:00']],
  ['America/Santiago', '0 10 * * 0', [LEFT, '2027-09-05', '10:00']],
  ['America/Santiago', '0 10 4 * *'],
  ['Asia/Beirut', '0 12 * * 6'],
  ['Africa/Cairo', '0 12 * * 4'],
  ['America/Santiago', '30 0 * * *', [LEFT, '2027-09-05', '00:30']],
  ['Pacific/Easter', '30 21 * * *', [AGAIN, '2027-04-03', '21:30']],
  ['Pacific/Easter', '30 22 * * *', [LEFT, '2027-09-04', '22:30']],
  ['America/Nuuk', '30 23 * * *', [LEFT, '2027-03-27', '23:30'], [AGAIN, '2027-10-30', '23:30']],
  ['Australia/Lord_Howe', '45 1 * * *'],
  // Half an hour does not exist; the server fires half an hour late.
  ['Australia/Lord_Howe', '15 2 * * *', [MOVED, '2027-10-03', '02:45']],
  ['Africa/Cairo', '30 0 * * 5', [LEFT, '2027-04-30', '00:30']],
  ['America/Sao_Paulo', '0 0 * * *'],
])('warnings of clock changes for a series in %s at %j', async (zone, cron, ...expected) => {
  const warnings = await warningsOf(cron, zone);
  expect(
    warnings.map(({ code, values }) => [code, 'day' in values && values.day, 'clocks' in values && values.clocks]),
  ).toEqual(expected);
});

// What the server says of matching times is what it will do.
test.each([
  ['Europe/Berlin', '30 1 * * *', '2027-10-31', ['01:30', '02:30']],
  ['Europe/Berlin', '30 2 * * *', '2027-10-31', ['02:30']],
  ['America/New_York', '30 1 * * *', '2027-11-07', ['01:30', '01:30']],
  ['Australia/Lord_Howe', '15 2 * * *', '2027-10-03', ['02:45']],
])('the next firings of %s, %j on the day %s', async (zone, cron, day, expected) => {
  const handle = await schedule(cron, zone, DateTime.fromISO(day, { zone }).minus({ days: 1 }).toJSDate());
  const { nextActionTimes } = (await handle.describe()).info;
  const times = nextActionTimes.map((at) => DateTime.fromJSDate(at, { zone }));
  expect(times.filter((at) => at.toISODate() === day).map((at) => at.toFormat('HH:mm'))).toEqual(expected);
});

test('the warning names zone, day and what happens, in both languages', async () => {
  const [left, again] = await warningsOf('30 23 * * *', 'America/Nuuk');
  expect(explain(left!, 'en')).toMatch(
    /^On Saturday, 27 March 2027 the clocks in America\/Nuuk change: it will not run at 23:30\./,
  );
  expect(explain(again!, 'en')).toContain('runs once more, at 23:30');
  expect(explain(again!, 'ru')).toMatch(
    /^Перевод часов в поясе America\/Nuuk, суббота, 30 октября 2027: .*лишний запуск: 23:30/,
  );
});

// Both must know of the same changes: ours by Node's time zone data, the server by its own.
test.each([
  'Australia/Lord_Howe', 'Africa/Casablanca', 'Africa/Cairo', 'Asia/Beirut', 'America/Asuncion', 'America/Nuuk',
  'America/Santiago', 'Atlantic/Azores', 'Antarctica/Troll', 'Asia/Gaza', 'Pacific/Chatham', 'Europe/Dublin', 'Asia/Almaty',
])('the clocks of %s change for the server when they do for us', async (zone) => {
  const until = NOW + 396 * DAY_MS;
  const { scheduleId } = await schedule('17 12 * * *', zone);
  const noons = await scheduleTimes(temporal, scheduleId, { from: NOW, until });
  // From noon to noon it is a day, but for the day of a change.
  const changed = noons.slice(1).flatMap((at, index) => {
    const byMs = DAY_MS - (at - noons[index]!);
    return byMs === 0 ? [] : [{ byMs, before: at }];
  });
  const ours = clockChanges(zone, NOW, until);
  expect(changed.map(({ byMs }) => byMs)).toEqual(ours.map(({ byMs }) => byMs));
  changed.forEach(({ before }, index) => {
    expect(ours[index]!.at).toBeLessThan(before);
    expect(ours[index]!.at).toBeGreaterThan(before - 25 * 3_600_000);
  });
}); // prettier-ignore
