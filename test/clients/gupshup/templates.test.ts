/** Rows of Gupshup's template list, as published and as they go wrong. */
import { parseTemplates } from '../../../clients/gupshup/templates';
import { parametersOf } from '../../../domain/templates/template';
import { jsonFixture } from '../fixture';

const read = (name: string) => parseTemplates(jsonFixture(`templates/templates-list-${name}.json`));
const row = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: '00b8d1ed',
  elementName: 'due_reminder',
  languageCode: 'en',
  category: 'UTILITY',
  templateType: 'TEXT',
  status: 'APPROVED',
  data: 'Head\nBody {{1}}\nFoot',
  ...changes,
});
const one = (changes: Record<string, unknown>) => parseTemplates({ templates: [row(changes)] }).templates[0];
const container = (fields: Record<string, unknown>) => ({ containerMeta: JSON.stringify(fields) });

test.each(['cta-buttons', 'flow-button', 'no-status-field', 'quick-reply', 'text-sandbox'])(
  'reads every row of the published list %s',
  (name) => {
    const { templates, problems } = read(name);
    expect(problems).toEqual([]);
    expect(templates).toHaveLength(
      jsonFixture<{ templates: unknown[] }>(`templates/templates-list-${name}.json`).templates.length,
    );
  },
);

test('takes the buttons out of data when there is no container', () => {
  expect(read('cta-buttons').templates[0]).toEqual({
    id: '2f826c4a-cacd-42b6-9536-ece4c459ffea',
    name: 'tech_concern',
    language: 'en',
    category: 'MARKETING',
    type: 'TEXT',
    status: 'APPROVED',
    quality: 'UNKNOWN',
    body: 'Hey {{1}}, Are you interested in the latest tech stack',
    buttons: [
      { type: 'PHONE_NUMBER', text: 'call here', phoneNumber: '+917302307943' },
      { type: 'URL', text: 'visit here', url: 'https://github.com/glific' },
    ],
  });
  expect(read('quick-reply').templates[0]).toMatchObject({
    body: 'Hi {{1}}, What is your status',
    buttons: [
      { type: 'QUICK_REPLY', text: 'cold' },
      { type: 'QUICK_REPLY', text: 'warm' },
    ],
  });
});

test('takes the body from data and the buttons from the container when that has only buttons', () => {
  const [flow, empty, absent] = read('flow-button').templates;
  expect(flow).toMatchObject({
    body: 'Your conference ticket no. {{1}}',
    buttons: [{ type: 'FLOW', text: 'confirm' }],
  });
  expect(empty).toMatchObject({ body: 'Body without buttons', buttons: [] });
  expect(absent).toEqual(empty);
});

test('old categories are of unknown category, and are kept', () => {
  expect(read('text-sandbox').templates[0]).toMatchObject({ category: 'UNKNOWN', status: 'SANDBOX_REQUESTED' });
});

test('takes all parts from the container, so that a send asks for the right parameters', () => {
  const template = one(
    container({
      header: 'Head',
      data: '{{1}} is due by {{2}}.',
      footer: 'Foot',
      buttons: [{ type: 'URL', text: 'Pay', url: 'https://x.io/{{1}}', example: ['https://x.io/7'] }],
    }),
  );
  expect(template).toMatchObject({
    header: { type: 'TEXT', text: 'Head' },
    body: '{{1}} is due by {{2}}.',
    footer: 'Foot',
    buttons: [{ type: 'URL', text: 'Pay', url: 'https://x.io/{{1}}' }],
  });
  expect(parametersOf(template!).map(({ place }) => place)).toEqual(['body', 'body', 'url_suffix']);
});

test.each([[undefined], ['{}'], [''], ['{broken'], ['null'], [null], ['[]'], ['{"data":5}'], [{}]])(
  'with the container %p header and footer stay in the body',
  (containerMeta) => {
    const template = one({ containerMeta });
    expect(template).toMatchObject({ body: 'Head\nBody {{1}}\nFoot', buttons: [] });
    expect(template).not.toHaveProperty('header');
    expect(template).not.toHaveProperty('footer');
  },
);

test('a media template has its header by its type, with the example where there is one', () => {
  expect(one({ templateType: 'IMAGE', ...container({ data: 'x', mediaUrl: 'https://x.io/a.png' }) })?.header).toEqual({
    type: 'IMAGE',
    exampleUrl: 'https://x.io/a.png',
  });
  expect(one({ templateType: 'document', ...container({ data: 'x', sampleMedia: '4::abc' }) })?.header).toEqual({
    type: 'DOCUMENT',
  });
  expect(one({ templateType: 'LOCATION' })?.header).toEqual({ type: 'LOCATION' });
});

test('an offer with a countdown is known as one, any other odd offer is not', () => {
  const offer = (limitedTimeOffer: unknown): unknown => one(container({ data: 'x', limitedTimeOffer }))?.countdown;
  expect(offer({ text: 'Ends soon', has_expiration: true })).toBe(true);
  for (const other of [{ text: 'Offer', has_expiration: false }, { has_expiration: 'yes' }, 'soon', null]) {
    expect(offer(other)).toBeUndefined();
  }
});

test('reads status, category and quality in any case', () => {
  expect(one({ status: 'paused', category: 'marketing', quality: 'Yellow' })).toMatchObject({
    status: 'PAUSED',
    category: 'MARKETING',
    quality: 'YELLOW',
  });
});

test('one odd button is left out, the others stay', () => {
  const buttons = [{ type: 'SOMETHING_NEW', text: 'x' }, null, { type: 'quick_reply', text: 'Да' }];
  expect(one(container({ data: 'x', buttons }))?.buttons).toEqual([{ type: 'QUICK_REPLY', text: 'Да' }]);
});

test.each([
  ['Body | [Copy offer code,{{1}}]', { type: 'COPY_CODE', text: 'Copy offer code' }],
  ['Body | [See,https://x.io/a?b=1,2]', { type: 'URL', text: 'See', url: 'https://x.io/a?b=1,2' }],
  ['Body | [Yes, please]', { type: 'QUICK_REPLY', text: 'Yes, please' }],
])('the button of %p', (data, button) => {
  expect(one({ data })).toMatchObject({ body: 'Body', buttons: [button] });
});

test('a bar in the text is no button', () => {
  expect(one({ data: 'a | b | [c] d' })).toMatchObject({ body: 'a | b | [c] d', buttons: [] });
});

test('a row that cannot be read is left out and named, the others are read', () => {
  const { templates, problems } = parseTemplates({
    templates: [
      row(),
      { elementName: 'no_id', status: 'APPROVED' },
      row({ status: 'EXPLODED' }),
      'nonsense',
      row({ id: 'last' }),
    ],
  });
  expect(templates.map(({ id }) => id)).toEqual(['00b8d1ed', 'last']);
  expect(problems.map((problem) => problem.row)).toEqual(['no_id', 'due_reminder', 'row 4']);
  expect(problems[0]!.reason).toContain('id');
  expect(problems[1]!.reason).toContain('status');
});

test('a reason for a rejection is kept', () => {
  expect(one({ status: 'REJECTED', reason: 'Invalid format' })).toMatchObject({ reason: 'Invalid format' });
});

test.each([[undefined], [null], ['text'], [{}], [{ templates: {} }], [{ status: 'error', message: 'x' }]])(
  'a body that is no list (%p) is an error that says what to check',
  (body) => expect(() => parseTemplates(body)).toThrow(/GUPSHUP_APP_ID/),
);

describe('the examples that Meta has reviewed', () => {
  const submitted = (fields: Record<string, unknown>, changes: Record<string, unknown> = {}): string[] | undefined =>
    one({ ...changes, ...container(fields) })?.examples;

  test('are read out of the filled samples, in the order of the parameters', () => {
    expect(
      submitted({
        header: 'Hi {{1}}',
        sampleHeader: 'Hi Bob',
        data: '{{1}} is due by {{2}} (€5)? {{1}}!',
        sampleText: 'Rent is due by Monday (€5)? Rent!',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Pay' },
          { type: 'URL', text: 'Pay', url: 'https://x.io/{{1}}', example: ['https://x.io/orders/7'] },
          { type: 'COPY_CODE', text: 'Copy', example: 'SALE10' },
        ],
      }),
    ).toEqual(['Bob', 'Rent', 'Monday', 'orders/7', 'SALE10']);
  });

  test('come from meta where the container has none, without the brackets of old rows', () => {
    const meta = JSON.stringify({ example: '[Rent] is due by [Monday].' });
    expect(submitted({ data: '{{1}} is due by {{2}}.' }, { meta })).toEqual(['Rent', 'Monday']);
    expect(one({ data: 'Hey {{1}}', meta: '{"example":"Hey [Ann]"}' })?.examples).toEqual(['Ann']);
  });

  test('are absent where samples are of another text, broken or missing', () => {
    expect(submitted({ data: 'Hi {{1}}', sampleText: 'Something else' })).toBeUndefined();
    expect(submitted({ data: 'Hi {{1}}' }, { meta: '{broken' })).toBeUndefined();
    expect(submitted({ data: 'Hi', sampleText: 'Hi' })).toBeUndefined();
    expect(submitted({ data: 'Hi {{1}} {{2}}', sampleText: 'Hi  x', buttons: [{ type: 'URL', text: 'Go', url: 'https://x.io/{{1}}', example: ['https://y.io/1'] }] })).toEqual(['', 'x', '']);
  }); // prettier-ignore
});
