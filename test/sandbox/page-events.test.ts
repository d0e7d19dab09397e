/** What the chat page's server gives without a browser: the files, their policy, the live stream. */
import fastify, { type FastifyInstance } from 'fastify';
import { SandboxBus, type WhatsAppMessage } from '../../sandbox/contract';
import { chatPage } from '../../sandbox/page';

let server: FastifyInstance;
let bus: SandboxBus;
let url: string;

beforeEach(async () => {
  bus = new SandboxBus();
  server = fastify({ forceCloseConnections: true });
  await server.register(chatPage({ bus }));
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => server.close());

const message = (id: string, state: WhatsAppMessage['state']): WhatsAppMessage => ({
  id,
  phone: '79161230001',
  business: '',
  template: 'order_ready',
  category: 'UTILITY',
  message: { body: 'Ready', buttons: [] },
  state,
  acceptedAt: 1,
  stateAt: 1,
  replies: [],
});

it('the page loads nothing from elsewhere and runs no inline code', async () => {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
  const html = await answer.text();
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
  expect(files.length).toBeGreaterThan(4);
  for (const path of files) expect([path, (await fetch(`${url}/${path}`)).status]).toEqual([path, 200]);
});

it('the stream gathers changes: each message once, in its newest state', async () => {
  const stream = await fetch(`${url}/sandbox/events`);
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readUntil = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) text += (await reader.read()).value ?? '';
  };
  await readUntil('retry');
  bus.emit('whatsapp', message('a', 'accepted'));
  bus.emit('whatsapp', message('b', 'accepted'));
  bus.emit('whatsapp', message('a', 'delivered'));
  bus.emit('telegram', { chatId: 5001 });
  bus.emit('telegram', { chatId: 5001 });
  await readUntil('"id":"b"');
  await readUntil('chatIds');
  const events = [...text.matchAll(/event: (\w+)\ndata: (.*)\n/g)].map(([, name, data]) => [name, JSON.parse(data!)]);
  expect(events).toEqual([
    ['telegram', { chatIds: [5001] }],
    ['whatsapp', [message('a', 'delivered'), message('b', 'accepted')]],
  ]);
  await reader.cancel();
});
