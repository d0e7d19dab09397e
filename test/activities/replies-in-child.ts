/**
 * A process of its own that does what receiver and worker do about replies, until it is killed:
 * `replies-in-child.ts MONGODB_URI SANDBOX`; DIE_AT and DIE_WHEN as for test/support/die-at.cjs.
 */
import { connectStore } from '../../store/connect';
import type { TestStore } from '../store/support';
import { handleReplies } from './replies-ground';

/** What it had taken when it died another process takes so soon; in life after three minutes. */
const TAKEN_MS = 1_000;

async function main(uri: string, root: string): Promise<void> {
  const store = await connectStore(uri);
  handleReplies({ store } as TestStore, { root, takenMs: TAKEN_MS });
}

main(process.argv[2]!, process.argv[3]!).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
