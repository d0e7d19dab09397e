/** Whether somebody takes the campaigns' tasks: a role's heartbeat in MongoDB. Temporal remembers a dead poller for minutes. */
import { nanoid } from 'nanoid';
import { periodically } from '../config/periodically';
import type { Store } from './connect';
import { BEAT_MS } from './heartbeats';

/** Nobody takes the tasks; since when, if that is known. */
export interface Unattended {
  since?: Date;
}

/** Undefined while a worker of the sender lives. */
export type Attendance = (sender: string) => Promise<Unattended | undefined>;

export function createAttendance({ heartbeats }: Pick<Store, 'heartbeats'>): Attendance {
  return async (sender) => {
    const workers = (await heartbeats.all()).filter((one) => one.role === 'worker' && one.sender === sender);
    if (workers.some(({ lives }) => lives)) return undefined;
    const last = Math.max(...workers.map(({ at }) => at.getTime()));
    return workers.length > 0 ? { since: new Date(last) } : {};
  };
}

/** Beats until stopped, as long as `isWell`; then says that it has ended. Never rejects: without MongoDB nobody can beat. */
export async function keepBeating(
  { heartbeats }: Pick<Store, 'heartbeats'>,
  {
    role,
    sender,
    stop,
    isWell = () => true,
  }: { role: string; sender: string; stop: AbortSignal; isWell?: () => boolean },
): Promise<void> {
  const id = `${role}/${nanoid(8)}`;
  await periodically(async () => (isWell() ? heartbeats.beat({ _id: id, role, sender }) : undefined), {
    everyMs: BEAT_MS,
    stop,
    failed: () => undefined,
  });
  await heartbeats.end(id).catch(() => undefined);
}
