/** How quickly the bot answers a press: idle, and while campaigns run at the cap with all receipts, their live cards in the same chat. */
import { SANDBOX_CREDENTIALS } from '../sandbox/credentials';
import { ordinaryPhones } from '../sandbox/ordinary-phones';
import { campaignWorkflowId } from '../workflows/messages';
import { percentile, type Figure } from './figures';
import type { Scope } from './scope';
import type { BenchServers } from './servers';
import { openSite, peopleOf } from './site';

const CAMPAIGNS = 3;
const WANTED_MS = 300;
/** Between presses (ms): Telegram bears about one message a second in a chat. */
const APART_MS = 1_500;
const LOOK_EVERY_MS = 10;
const LIMIT_MS = 60_000;
/** What the campaigns send before the presses are counted (ms): each must last until the end. */
const OPENING_MS = 60_000;

interface Chat {
  messages: { message_id: number; reply_markup?: Keyboard }[];
  callbacks: { id: string; answer?: object }[];
}
interface Keyboard {
  inline_keyboard: { text: string; callback_data?: string }[][];
}

export async function measurePresses(
  scope: Scope,
  servers: BenchServers,
  { cap, presses }: { cap: number; presses: number },
): Promise<Figure[]> {
  const site = await openSite(scope, servers, { sendsPerSecond: cap, workers: 1, receipts: true });
  await site.start('webhooks');
  await site.start('bot');
  const admin = `/sandbox/telegram/chats/${SANDBOX_CREDENTIALS.ADMIN_IDS}`;
  const chat = (): Promise<Chat> => site.ask('GET', admin);
  const write = (text: string): Promise<unknown> => site.ask('POST', `${admin}/message`, { text });

  /** Waits for the newest button whose data fit. */
  async function buttonOf(fits: RegExp): Promise<{ messageId: number; data: string }> {
    let found: { messageId: number; data: string } | undefined;
    const look = async (): Promise<boolean> => {
      for (const { message_id: messageId, reply_markup: keyboard } of (await chat()).messages) {
        const data = keyboard?.inline_keyboard.flat().find((one) => fits.test(one.callback_data ?? ''))?.callback_data;
        if (data !== undefined) found = { messageId, data };
      }
      return found !== undefined;
    };
    await scope.until(look, { what: `a button ${fits.source}`, limitMs: LIMIT_MS });
    return found!;
  }

  /** How long the answer to one press took (ms). */
  async function press(fits: RegExp): Promise<number> {
    const button = await buttonOf(fits);
    const before = (await chat()).callbacks.at(-1)?.id;
    const at = performance.now();
    await site.ask('POST', `${admin}/press`, button);
    const isAnswered = async (): Promise<boolean> => {
      const last = (await chat()).callbacks.at(-1);
      return last !== undefined && last.id !== before && last.answer !== undefined;
    };
    await scope.until(isAnswered, { what: 'the answer to a press', limitMs: LIMIT_MS, everyMs: LOOK_EVERY_MS });
    const tookMs = performance.now() - at;
    await scope.pause(APART_MS);
    return tookMs;
  }

  async function pressAgain(fits: RegExp): Promise<number[]> {
    const tookMs: number[] = [];
    while (tookMs.length < presses) tookMs.push(await press(fits));
    return tookMs;
  }

  const each = Math.ceil((cap * (presses * APART_MS + OPENING_MS)) / 1000 / CAMPAIGNS);
  const phones = ordinaryPhones(CAMPAIGNS * each);
  const ids: string[] = [];
  for (let n = 0; n < CAMPAIGNS; n++) ids.push(await site.campaignTo(peopleOf(phones.slice(n * each, (n + 1) * each))));
  await write('/start');
  const idle = await pressAgain(/^1:m:help$/);
  for (const id of ids) await site.begin(id);
  for (const id of ids) {
    await write('/campaigns');
    await press(new RegExp(`^1:c:${id}:open$`));
  }
  const busy = await pressAgain(/^1:c:[^:]+:refresh$/);
  for (const id of ids) {
    await site.services.temporal.workflow.getHandle(campaignWorkflowId(id)).terminate().catch(() => undefined); // prettier-ignore
  }
  const [idleMs, busyMs] = [percentile(idle, 0.95), percentile(busy, 0.95)];
  return [
    { figure: `press answered, idle, p95 of ${presses}`, measured: `${idleMs.toFixed(0)} ms`, value: idleMs },
    {
      figure: `press answered at ${cap} a second with receipts, ${CAMPAIGNS} live cards in the chat, p95 of ${presses}`,
      measured: `${busyMs.toFixed(0)} ms`,
      value: busyMs,
      ratio: { value: busyMs / idleMs, of: 'idle' },
      wanted: { text: `< ${WANTED_MS} ms`, met: busyMs < WANTED_MS },
    },
  ];
}
