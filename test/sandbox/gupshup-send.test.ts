/** The sandbox's send API refuses what Gupshup refuses and accepts what it accepts. */
import type { Sandbox } from '../../sandbox/main';
import { parametersOf } from '../../domain/templates/template';
import { DEMO_TEMPLATES } from '../../sandbox/gupshup/templates';
import {
  APP_ID, call, fixture, gupshup, missingFrom, ORDER_READY, send, sendForm, shapeOf, SOURCE, startReceiver, startSandbox, subscribe, until, type Answer,
} from './sandbox-support'; // prettier-ignore

const TEMPLATE_MSG = '/wa/api/v1/template/msg';
let sandbox: Sandbox;
let phone = 79_160_000_100;
const nextPhone = (): string => String(phone++);

beforeAll(async () => {
  sandbox = await startSandbox();
  await call(`${sandbox.url}/sandbox/gupshup/settings`, 'PUT', { sendsPerSecond: 1000 });
});
afterAll(() => sandbox.close());

/** The state and code a message ends with. */
async function fateOf(answer: Answer): Promise<{ state: string; code?: number }> {
  expect(answer).toMatchObject({ status: 202, body: { status: 'submitted' } });
  return until('a final state', async () => {
    const { body } = await call(`${sandbox.url}/sandbox/gupshup/messages`);
    const found = body.find(({ messageId }: { messageId: string }) => messageId === answer.body.messageId);
    return ['failed', 'delivered', 'read'].includes(found.state) && found;
  });
}

const withTemplate = (id: string, params: string[], more: Record<string, string> = {}) => ({
  template: JSON.stringify({ id, params }),
  ...more,
});
const named = (name: string) => DEMO_TEMPLATES.find((template) => template.name === name)!;
const image = (link: string) => ({ message: JSON.stringify({ type: 'image', image: { link } }) });

describe('accepting a send', () => {
  test('the answer has the shape of the recorded one', async () => {
    const recorded = fixture('templates/http-send-responses.json')[0];
    const answer = await send(sandbox, nextPhone());
    expect(answer.status).toBe(recorded.status);
    expect(shapeOf(answer.body).sort()).toEqual(shapeOf(recorded.body).sort());
  });

  test('the requests that the live API accepted are accepted, channel and src.name absent too', async () => {
    const { form } = fixture('templates/http-send-requests.json')[0];
    const catalog = named('new_catalog');
    const answer = await gupshup(sandbox, 'POST', TEMPLATE_MSG, {
      ...form,
      source: SOURCE,
      ...withTemplate(catalog.id, ['Сергей', 'spring']),
    });
    expect(await fateOf(answer)).not.toHaveProperty('code');
  });

  test.each(
    DEMO_TEMPLATES.filter(({ status }) => status === 'APPROVED').map((t) => [`${t.name}/${t.language}`, t] as const),
  )('the template %s is delivered with its example parameters', async (_name, template) => {
    const type = template.header?.type.toLowerCase();
    const message =
      type === undefined || type === 'text'
        ? {}
        : type === 'location'
          ? { message: JSON.stringify({ type, location: { longitude: '37.6', latitude: '55.7' } }) }
          : { message: JSON.stringify({ type, [type]: { link: 'https://svetly-dom.example/a' } }) };
    expect(template.examples).toHaveLength(parametersOf(template).length);
    const answer = await send(sandbox, nextPhone(), withTemplate(template.id, template.examples, message));
    expect(await fateOf(answer)).not.toHaveProperty('code');
  });

  /** Uploads a file to the first app. */
  async function upload(type: string): Promise<{ status: number; body: { mediaId: string } }> {
    const form = new FormData();
    form.append('file', new Blob(['x'], { type }), 'a.png');
    form.append('file_type', type);
    const response = await fetch(`${sandbox.url}/gupshup/wa/${APP_ID}/wa/media/`, {
      method: 'POST',
      headers: { apikey: 'sandbox-gupshup-api-key' },
      body: form,
    });
    return { status: response.status, body: (await response.json()) as { mediaId: string } };
  }
  const withPicture = async (id: string) => {
    const message = JSON.stringify({ type: 'image', image: { id } });
    return fateOf(await send(sandbox, nextPhone(), withTemplate(named('new_catalog').id, ['Анна', 'x'], { message })));
  };

  test('a media id from the upload is good for a header of its kind', async () => {
    const { status, body } = await upload('image/png');
    const recorded = fixture('gupshup/http-media-upload-200.json');
    expect(status).toBe(recorded.status);
    expect(shapeOf(body).sort()).toEqual(shapeOf(recorded.body).sort());
    expect(await withPicture(body.mediaId)).not.toHaveProperty('code');
    const pdf = await upload('application/pdf');
    expect(await withPicture(pdf.body.mediaId)).toMatchObject({ code: 132012 });
  });
});

describe('refusing a send at once', () => {
  const without = (...keys: string[]) =>
    Object.fromEntries(Object.entries(sendForm('79160000001')).filter(([key]) => !keys.includes(key)));

  test.each<[string, Record<string, string>, number, RegExp]>([
    ['another app name', sendForm('79160000001', { 'src.name': 'OtherApp' }), 400, /^Invalid App Details$/],
    ['another source', sendForm('79160000001', { source: '79990000001' }), 400, /^Invalid App Details$/],
    ['a destination with +', sendForm('+79160000001'), 400, /^Invalid Destination$/],
    ['a destination with spaces', sendForm('7916 0000001'), 400, /^Invalid Destination$/],
    ['a destination of 5 digits', sendForm('79160'), 400, /^Invalid Destination$/],
    ['a destination of 16 digits', sendForm('7916000000100000'), 400, /^Invalid Destination$/],
    ['an empty destination', sendForm(''), 400, /^Invalid Destination$/],
    ['an unknown form field', sendForm('79160000001', { priority: '1' }), 400, /priority/],
    ['another channel', sendForm('79160000001', { channel: 'sms' }), 400, /channel/],
    ['no source', without('source'), 400, /source/],
    ['no destination', without('destination'), 400, /destination/],
    ['no template', without('template'), 400, /template/],
    [
      'a template that is no JSON',
      sendForm('79160000001', { template: 'order_ready' }),
      400,
      /template: expected JSON/,
    ],
    ['a template without id', sendForm('79160000001', { template: '{"params":[]}' }), 400, /template\.id/],
    [
      'params that are no texts',
      sendForm('79160000001', withTemplate(ORDER_READY, [1 as never, '2'])),
      400,
      /template\.params/,
    ],
    ['a message of an unknown type', sendForm('79160000001', { message: '{"type":"poll"}' }), 400, /message/],
  ])('%s', async (_what, form, status, message) => {
    const answer = await gupshup(sandbox, 'POST', TEMPLATE_MSG, form);
    expect(answer).toMatchObject({ status, body: { status: 'error', message: expect.stringMatching(message) } });
  });

  test('a JSON body instead of a form', async () => {
    const headers = { apikey: 'sandbox-gupshup-api-key' };
    const answer = await call(`${sandbox.url}/gupshup${TEMPLATE_MSG}`, 'POST', sendForm('79160000001'), headers);
    expect(answer).toMatchObject({ status: 400, body: { status: 'error' } });
  });

  test.each([
    ['no key', {}, 'Authentication Failed'],
    ['a wrong key', { apikey: 'wrong' }, 'Authentication Failed'],
    ['an app token', { apikey: 'sk_123' }, 'Portal User Not Found With APIKey'],
  ])('%s', async (_what, headers, message) => {
    const response = await fetch(`${sandbox.url}/gupshup${TEMPLATE_MSG}`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new URLSearchParams(sendForm('79160000001')),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ status: 'error', message });
  });

  test('a wrong path is 404 with an error body', async () => {
    expect(await gupshup(sandbox, 'GET', '/wa/api/v9/nothing')).toMatchObject({
      status: 404,
      body: { status: 'error' },
    });
  });

  test('a refused send is counted nowhere', async () => {
    const before = (await call(`${sandbox.url}/sandbox/gupshup/summary`)).body.accepted;
    await send(sandbox, '+7');
    expect((await call(`${sandbox.url}/sandbox/gupshup/summary`)).body.accepted).toBe(before);
  });
});

describe('accepting a send that fails later', () => {
  const catalog = named('new_catalog').id;
  test.each<[string, Record<string, string>, number]>([
    ['an unknown template', withTemplate('00000000-0000-4000-8000-000000000000', []), 4003],
    ['a template name instead of its id', withTemplate('order_ready', ['a', 'b']), 4003],
    ['a pending template', withTemplate(named('feedback_request').id, ['a']), 132001],
    ['a rejected template', withTemplate(named('loan_offer').id, ['a', 'b']), 132001],
    ['a paused template', withTemplate(named('winter_sale').id, ['a']), 132015],
    ['a disabled template', withTemplate(named('old_promo').id, ['a']), 132016],
    ['too few parameters', withTemplate(ORDER_READY, ['a']), 132000],
    ['too many parameters', withTemplate(ORDER_READY, ['a', 'b', 'c']), 132000],
    ['a URL suffix left out', withTemplate(catalog, ['a'], image('https://a.example/b')), 132000],
    ['an empty parameter', withTemplate(ORDER_READY, ['a', ' ']), 131008],
    ['a newline in a parameter', withTemplate(ORDER_READY, ['a', 'b\nc']), 132018],
    ['a tab in a parameter', withTemplate(ORDER_READY, ['a', 'b\tc']), 132018],
    ['five spaces in a row', withTemplate(ORDER_READY, ['a', 'b     c']), 132018],
    ['a text too long once filled', withTemplate(ORDER_READY, ['a', 'b'.repeat(1000)]), 132005],
    ['no header media', withTemplate(catalog, ['a', 'b']), 132012],
    [
      'header media of another kind',
      withTemplate(named('contract_document').id, ['a', 'b'], image('https://a.example/b')),
      132012,
    ],
    [
      'media for a template without a media header',
      withTemplate(ORDER_READY, ['a', 'b'], image('https://a.example/b')),
      132012,
    ],
    ['a media link that is none', withTemplate(catalog, ['a', 'b'], image('catalog.jpg')), 1010],
    [
      'an unknown media id',
      withTemplate(catalog, ['a', 'b'], { message: '{"type":"image","image":{"id":"1"}}' }),
      131053,
    ],
  ])('%s', async (_what, more, code) => {
    expect(await fateOf(await send(sandbox, nextPhone(), more))).toMatchObject({ state: 'failed', code });
  });

  test('four spaces in a row are fine', async () => {
    const answer = await send(sandbox, nextPhone(), withTemplate(ORDER_READY, ['a', 'b    c']));
    expect(await fateOf(answer)).not.toHaveProperty('code');
  });

  test('a message to the sender itself', async () => {
    expect(await fateOf(await send(sandbox, SOURCE))).toMatchObject({ code: 131021 });
  });

  test('more than 45 messages to one phone at once', async () => {
    const to = nextPhone();
    const answers = await Promise.all(Array.from({ length: 46 }, () => send(sandbox, to)));
    const fates = await Promise.all(answers.map(fateOf));
    expect(fates.filter(({ code }) => code === 131056)).toHaveLength(1);
  });
});

describe('the sandbox’s limit of sends a second', () => {
  test('the 21st send within a second gets 429; the next second takes them again', async () => {
    const own = await startSandbox();
    try {
      const answers = await Promise.all(Array.from({ length: 25 }, (_, n) => send(own, `7916111${1000 + n}`)));
      expect(answers.filter(({ status }) => status === 202)).toHaveLength(20);
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(5);
      expect(refused[0]!.body).toEqual({ message: 'Too Many Requests', status: 'error' });
      const summary = (await call(`${own.url}/sandbox/gupshup/summary`)).body;
      expect(summary).toMatchObject({
        accepted: 20,
        distinctPhones: 20,
        busiestSecond: 20,
        busiestSecondRequested: 25,
      });
      await until('room in the next second', async () => (await send(own, '79161112000')).status === 202);
    } finally {
      await own.close();
    }
  });
});

describe('session messages', () => {
  test('fail with 131047 until the person has written, then go through', async () => {
    const to = nextPhone();
    const form = {
      channel: 'whatsapp',
      source: SOURCE,
      destination: to,
      message: '{"type":"text","text":"Добрый день"}',
    };
    const post = () => gupshup(sandbox, 'POST', '/wa/api/v1/msg', form);
    expect(await fateOf(await post())).toMatchObject({ state: 'failed', code: 131047 });
    await call(`${sandbox.url}/sandbox/whatsapp/${to}/reply`, 'POST', { text: 'Здравствуйте' });
    expect(await fateOf(await post())).not.toHaveProperty('code');
  });
});

describe('templates and account', () => {
  const templatesPath = `/wa/app/${APP_ID}/template`;

  test('rows have the fields and types of recorded ones', async () => {
    const { body } = await gupshup(sandbox, 'GET', templatesPath);
    const recorded = fixture('templates/templates-list-text-sandbox.json');
    // `master` stands in old rows only.
    expect(missingFrom(body, recorded).filter((line) => !line.includes('.master'))).toEqual([]);
    for (const row of body.templates) expect(typeof row.meta).toBe('string');
  });

  test('one row has no containerMeta, one has a broken one, the others have JSON', async () => {
    const { body } = await gupshup(sandbox, 'GET', templatesPath);
    const kinds = body.templates.map(({ containerMeta }: { containerMeta?: string }) => {
      if (containerMeta === undefined) return 'absent';
      try {
        return typeof JSON.parse(containerMeta).data === 'string' ? 'json' : 'other';
      } catch {
        return 'broken';
      }
    });
    expect(kinds.filter((kind: string) => kind === 'absent')).toHaveLength(1);
    expect(kinds.filter((kind: string) => kind === 'broken')).toHaveLength(1);
    expect(kinds.filter((kind: string) => kind === 'json')).toHaveLength(kinds.length - 2);
  });

  test('every state, kind and category is there, and one name in two languages', async () => {
    const { body } = await gupshup(sandbox, 'GET', templatesPath);
    const all = (key: string) => [...new Set(body.templates.map((row: Record<string, string>) => row[key]))].sort();
    expect(all('status')).toEqual(['APPROVED', 'DISABLED', 'PAUSED', 'PENDING', 'REJECTED']);
    expect(all('templateType')).toEqual(['DOCUMENT', 'IMAGE', 'LOCATION', 'TEXT', 'VIDEO']);
    expect(all('category')).toEqual(['AUTHENTICATION', 'MARKETING', 'UTILITY']);
    const sale = body.templates.filter(({ elementName }: { elementName: string }) => elementName === 'spring_sale');
    expect(sale.map(({ languageCode }: { languageCode: string }) => languageCode).sort()).toEqual(['en', 'ru']);
    expect(body.templates.find(({ status }: { status: string }) => status === 'REJECTED').reason).toMatch(
      /INVALID_FORMAT/,
    );
  });

  test('one template by id; another app id is refused', async () => {
    const { body } = await gupshup(sandbox, 'GET', `${templatesPath}/${ORDER_READY}`);
    expect(body).toMatchObject({ status: 'success', template: { elementName: 'order_ready' } });
    expect(await gupshup(sandbox, 'GET', '/wa/app/another/template')).toMatchObject({
      status: 400,
      body: { status: 'error' },
    });
  });

  test('wallet and number info have the recorded shapes', async () => {
    const wallet = await gupshup(sandbox, 'GET', '/sm/api/v2/wallet/balance');
    expect(wallet.body).toEqual({ balance: expect.any(Number), status: 'success' });
    const info = await gupshup(sandbox, 'GET', `/wa/app/${APP_ID}/waba/info`);
    expect(shapeOf(info.body).sort()).toEqual(shapeOf(fixture('gupshup/http-partner-waba-info.json')).sort());
  });

  test('an empty wallet makes messages fail with 1003 until it is filled', async () => {
    const receiver = await startReceiver();
    const own = await startSandbox();
    try {
      await subscribe(own, receiver.url);
      await call(`${own.url}/sandbox/gupshup/settings`, 'PUT', { walletBalance: 0.0005 });
      await send(own, '79160000201');
      await send(own, '79160000202');
      const failed = await until('the failure', () => receiver.bodies.find(({ payload }) => payload.type === 'failed'));
      expect(failed.payload).toMatchObject({ destination: '79160000202', payload: { code: 1003 } });
    } finally {
      await own.close();
      await receiver.close();
    }
  });
});
