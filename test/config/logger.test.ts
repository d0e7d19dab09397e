/** The log: JSON lines in which no phone, token, name or text stands. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, redactText, type Logger } from '../../config/logger';
import { waitFor } from '../support/servers';

const folder = mkdtempSync(join(tmpdir(), 'bobcofer-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const END = 'end of the test';
let files = 0;
/** What the log says after the body. */
async function logged(body: (log: Logger) => void, level = 'trace'): Promise<Record<string, unknown>[]> {
  const file = join(folder, `${files++}.log`);
  const log = createLogger('test', level, openSync(file, 'w'));
  body(log);
  // Written in the background: all is there when the last line is.
  log.error(END);
  await waitFor(() => level === 'silent' || readFileSync(file, 'utf8').includes(END), { what: 'the log to be written' });
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg !== END);
} // prettier-ignore

const PHONE = '+79261234567';
const DIGITS = '79261234567';
const TOKEN = '123456789:AAHk3-abcdefghijklmnopqrstuvwxyz_01';
const TEXT = 'Анна, ваш заказ готов';

/** Everything that must not stand in a log, wherever it came from. */
function expectClean(lines: Record<string, unknown>[]): void {
  const all = JSON.stringify(lines);
  expect(lines.length).toBeGreaterThan(0);
  expect(all.replace(/[^\d"]/g, '')).not.toContain(DIGITS.slice(2));
  for (const secret of [
    PHONE.slice(1),
    Buffer.from(DIGITS).toString('base64').slice(0, 12),
    PHONE.slice(2),
    TOKEN,
    TEXT,
    'Анна',
    'super-secret-key',
  ])
    expect(all.includes(secret) ? secret : 'clean').toBe('clean');
}

describe('redaction of logs', () => {
  const delivery = {
    _id: 'c:1', phone: PHONE, original: '8 (926) 123-45-67', name: 'Анна', params: ['Анна', '1042'], origin: '7',
  }; // prettier-ignore

  test.each<[string, object]>([
    ['on top', delivery],
    ['one below', { delivery }],
    ['in a list', { deliveries: [delivery, delivery] }],
    ['deep down', { batch: { pages: [{ rows: { first: delivery } }] } }],
    [
      'whatever the case of its name',
      { Phone: PHONE, apiKey: 'super-secret-key', headers: { Authorization: 'super-secret-key' } },
    ],
    ['as the key of an object', { counts: { [PHONE]: 2 } }],
    ['inside a text', { detail: `cannot send to ${PHONE}, nor ${DIGITS}: wrong` }],
    ['in a text, with signs between its digits', { detail: 'cannot send to 8 (926) 123-45-67, nor +7 926 123 45 67' }],
    ['in an id of WhatsApp', { detail: `no message wamid.HBgL${Buffer.from(DIGITS).toString('base64')}VAgARGBI5` }],
    ['in a link', { url: `https://api.telegram.org/bot${TOKEN}/sendMessage?phone=${DIGITS}` }],
    ['as a number', { to: Number(DIGITS) }],
    ['in a request body', { body: { message: TEXT }, text: TEXT, request: { body: TEXT, apikey: 'super-secret-key' } }],
  ])('covers what is private %s', async (_where, fields) => {
    expectClean(await logged((log) => log.info(fields, 'a message')));
  });

  test('covers the message itself and what is put into it', async () => {
    expectClean(await logged((log) => log.warn(`cannot send to ${PHONE} with ${TOKEN}`)));
    expectClean(await logged((log) => log.warn({ a: 1 }, 'to %s by %s', PHONE, TOKEN)));
  });

  test('covers child loggers', async () => {
    expectClean(await logged((log) => log.child({ phone: PHONE, detail: PHONE }).info('x')));
  });

  test('covers errors, their causes, their stacks and their own fields', async () => {
    const cause = new Error(`connect to ${TOKEN}`);
    const error = Object.assign(new Error(`no answer for ${PHONE}`, { cause }), { text: TEXT, json: { phone: PHONE } });
    const lines = await logged((log) => {
      log.error({ err: error }, 'failed');
      log.error(error);
      log.error({ error, nested: { err: error } }, 'failed');
      log.error({ err: new AggregateError([error], `many ${PHONE}`) }, 'failed');
      log.error({ err: `a thrown text with ${PHONE}` }, 'failed');
    });
    expectClean(lines);
    const [first] = lines as [{ err: { message: string; stack: string } }];
    // Still worth reading: what happened, why, and where.
    expect(first.err.message).toContain('no answer for <phone>');
    expect(first.err.stack).toContain('logger.test.ts');
    expect(JSON.stringify(first.err)).toContain('connect to <token>');
  });

  test('leaves alone what ops need', async () => {
    const [line] = await logged((log) =>
      log.info({ campaignId: 'abcd2345', n: 17, attempt: 2, code: '131026', ms: 1234.5, at: new Date(0), ok: true, none: null, id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1003' }, 'done'),
    ); // prettier-ignore
    expect(line).toMatchObject({
      role: 'test', level: 30, msg: 'done', campaignId: 'abcd2345', n: 17, attempt: 2, code: '131026', ms: 1234.5,
      at: '1970-01-01T00:00:00.000Z', ok: true, none: null, id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1003',
    }); // prettier-ignore
  });
});

test('takes what Temporal gives with its messages: big numbers, circles, errors', async () => {
  const circle: Record<string, unknown> = {
    workflowType: 'campaign',
    sdkComponent: 'worker',
    taskQueue: 'send-DemoApp',
  };
  circle['self'] = circle;
  const lines = await logged((log) => {
    log.info({ ...circle, timestampNanos: 1_700_000_000_000_000_000n, attempt: 1 }, 'Workflow started');
    log.warn({ ...circle, error: new Error(`activity failed for ${PHONE}`), activityId: '7' }, 'Activity failed');
    log.info({}, 'empty');
  });
  expect(lines.map(({ msg }) => msg)).toEqual(['Workflow started', 'Activity failed', 'empty']);
  expect(lines[0]).toMatchObject({ workflowType: 'campaign', taskQueue: 'send-DemoApp', attempt: 1 });
  expect(JSON.stringify(lines[1])).toContain('activity failed for <phone>');
});

test('a level keeps the rest silent', async () => {
  expect(await logged((log) => log.info('quiet'), 'silent')).toEqual([]);
  expect((await logged((log) => [log.info('quiet'), log.error('loud')], 'error')).map(({ msg }) => msg)).toEqual(['loud']);
}); // prettier-ignore

test('redactText blanks phones and tokens, and nothing shorter', () => {
  expect(redactText(`a ${PHONE} b ${DIGITS} c ${TOKEN} d 123456789 e`)).toBe('a <phone> b <phone> c <token> d 123456789 e');
}); // prettier-ignore
