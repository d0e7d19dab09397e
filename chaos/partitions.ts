/** Lines between the roles and the services they call, so that a role can be parted from one of them. */
import type { StackFile } from '../config/stack-file';
import { lineTo, type Line } from './line';
import { SECOND_WORKER, type Partition } from './plan';

export interface Partitions {
  /** The addresses that a role is given instead, each at the end of a line of its own. */
  between(role: string, settings: Readonly<Record<string, string>>): Promise<Record<string, string>>;
  /** Parts the role, a process of this name, from the service. Answers with how to mend it. */
  part(role: string, partition: Partition): () => void;
  close(): Promise<void>;
}

/** Which setting says where the service is. */
const ADDRESS: Readonly<Record<Partition['from'], keyof StackFile['settings']>> = {
  mongodb: 'MONGODB_URI',
  temporal: 'TEMPORAL_ADDRESS',
  gupshup: 'GUPSHUP_BASE_URL',
};
const PARTED = ['worker', SECOND_WORKER, 'webhooks'];

export function createPartitions(): Partitions {
  const lines = new Map<string, Line>();
  const key = (role: string, from: Partition['from']): string => `${role} ${from}`;

  return {
    async between(role, settings) {
      if (!PARTED.includes(role)) return {};
      const instead: Record<string, string> = {};
      for (const from of Object.keys(ADDRESS) as Partition['from'][]) {
        const given = settings[ADDRESS[from]];
        if (given === undefined) continue;
        const hasScheme = given.includes('://');
        const address = new URL(hasScheme ? given : `tcp://${given}`);
        const target = { host: address.hostname, port: Number(address.port) };
        const line = lines.get(key(role, from)) ?? (await lineTo(target));
        lines.set(key(role, from), line);
        address.port = String(line.port);
        instead[ADDRESS[from]] = hasScheme ? address.href.replace(/\/$/, '') : `${address.hostname}:${line.port}`;
      }
      return instead;
    },
    part(role, { from, how }) {
      const line = lines.get(key(role, from));
      if (!line) throw new Error(`chaos: no line between ${role} and ${from}`);
      if (how === 'held') line.hold();
      else line.cut();
      return () => line.mend();
    },
    close: async () => void (await Promise.all([...lines.values()].map((line) => line.close()))),
  };
}
