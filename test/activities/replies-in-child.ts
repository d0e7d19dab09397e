/**
 * A process of its own that does what receiver and worker do about replies, until it is killed:
 * `replies-in-child.ts MONGODB_URI TELEGRAM_ROOT`; DIE_AT and DIE_WHEN as for test/support/die-at.cjs.
 */
import { connectStore } from '../../store/connect';
import type { TestStore } from '../store/support';
import { handleReplies } from './replies-ground';

async function main(uri: string, telegramRoot: string): Promise<void> {
  const store = await connectStore(uri);
  handleReplies({ store } as TestStore, { telegramRoot });
}

main(process.argv[2]!, process.argv[3]!).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
