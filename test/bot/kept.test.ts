/** Updates that the bot before was killed in, while Telegram brings them once more. */
import { createKeptUpdates } from '../../bot/middleware/kept';
import type { BotContext } from '../../bot/context';
import { createLogger } from '../../config/logger';

interface Brought {
  update_id: number;
  message: object;
}

const message = (id: number): Brought => ({ update_id: id, message: {} });

function world({ left }: { left: number[] }): {
  kept: ReturnType<typeof createKeptUpdates>;
  handled: number[];
  bring: (update: Brought) => Promise<unknown>;
  /** Called for each that is taken up, before it is. */
  onTaken: (act: (update: Brought) => void) => void;
} {
  const handled: number[] = [];
  let act: (update: Brought) => void = () => undefined;
  const kept = createKeptUpdates({
    inbox: {
      left: async () => left.map((id) => ({ update: message(id), at: new Date() })),
      keep: async ({ update_id: id }) => !left.includes(id),
      done: async () => undefined,
    },
    telegraf: {
      handleUpdate: async (update) => {
        act(update as unknown as Brought);
        await bring(update as unknown as Brought);
      },
    },
    logger: createLogger('test', 'silent'),
  });
  const bring = async (update: Brought): Promise<unknown> => {
    const ctx = { update, chat: { id: update.update_id } } as unknown as BotContext;
    return kept.middleware(ctx, async () => {
      handled.push(update.update_id);
      await ctx.settle();
    });
  };
  return { kept, handled, bring, onTaken: (wanted) => (act = wanted) };
}

test('one that comes again while those before it are taken up is dealt with once, and nobody waits for ever', async () => {
  const { kept, handled, bring, onTaken } = world({ left: [1, 2] });
  let redelivered: Promise<unknown> | undefined;
  onTaken(({ update_id: id }) => {
    if (id === 1) redelivered = bring(message(2));
  });
  await kept.takeUp();
  await redelivered;
  await bring(message(3));
  expect(handled).toEqual([1, 2, 3]);
}, 5_000);
