/** `invitations`: one-time links with which people join the team. Only a hash of each code is kept. */
import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import { nanoid } from 'nanoid';
import type { Role } from '../domain/roles';
import type { Indexes } from './shared';
import type { By } from './users';

export interface InvitationDocument {
  /** Hash of the code (base64url): names the invitation in buttons, and opens nothing. */
  _id: string;
  role: Role;
  by: By;
  createdAt: Date;
  expiresAt: Date;
  /** Telegram id of whom it has let in. */
  usedBy?: number;
  usedAt?: Date;
}

export interface InvitationStore {
  /** The code, which is not kept: 32 characters that may stand in a Telegram deep link. */
  create(invitation: Pick<InvitationDocument, 'role' | 'by' | 'createdAt' | 'expiresAt'>): Promise<string>;
  find(code: string): Promise<InvitationDocument | undefined>;
  /** Takes it for this person; false when somebody else has, or it has ended. The same person may take it again. */
  take(code: string, userId: number, now: Date): Promise<boolean>;
  /** Those that still open, the newest first. */
  open(now: Date): Promise<InvitationDocument[]>;
  /** False when it is gone already. */
  revoke(id: string): Promise<boolean>;
}

/** For so long after its end an invitation can still be told from a code that never was (seconds). */
const KEPT_SECONDS = 30 * 86_400;
/** 192 bits. */
const CODE_LENGTH = 32;

export const INVITATION_INDEXES: Indexes = {
  invitations: [{ key: { expiresAt: 1 }, expireAfterSeconds: KEPT_SECONDS }],
};

export function createInvitationStore(db: Db): InvitationStore {
  const invitations = db.collection<InvitationDocument>('invitations');
  return {
    create: async (invitation) => {
      const code = nanoid(CODE_LENGTH);
      await invitations.insertOne({ _id: hashOf(code), ...invitation });
      return code;
    },
    find: async (code) => (await invitations.findOne({ _id: hashOf(code) })) ?? undefined,
    take: async (code, userId, now) => {
      const { matchedCount } = await invitations.updateOne(
        {
          _id: hashOf(code),
          expiresAt: { $gt: now },
          $or: [{ usedBy: { $exists: false } }, { usedBy: userId }],
        },
        { $set: { usedBy: userId, usedAt: now } },
      );
      return matchedCount === 1;
    },
    open: (now) =>
      invitations
        .find({ expiresAt: { $gt: now }, usedBy: { $exists: false } })
        .sort({ createdAt: -1 })
        .toArray(),
    revoke: async (id) => (await invitations.deleteOne({ _id: id, usedBy: { $exists: false } })).deletedCount === 1,
  };
}

const hashOf = (code: string): string => createHash('sha256').update(code).digest('base64url');
