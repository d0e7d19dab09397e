/** Lets a person into the team by an invitation. */
import { mayManage, type Role } from '../domain/roles';
import type { InvitationStore } from './invitations';
import type { UserStore } from './users';

/**
 * - `joined`   they are on the team now
 * - `already`  they were before; the invitation is left for somebody else
 * - `ended`    used, too old, revoked together with the role of whom it is from, or from before their removal
 * - `unknown`  no invitation
 */
type Joining = { kind: 'joined' | 'already'; role: Role } | { kind: 'ended' | 'unknown' };

export type Join = (code: string, userId: number, now: Date) => Promise<Joining>;

export function createJoin(
  users: Pick<UserStore, 'find' | 'roleOf' | 'admit'>,
  invitations: Pick<InvitationStore, 'find' | 'take'>,
): Join {
  return async (code, userId, now) => {
    const [invitation, user] = await Promise.all([invitations.find(code), users.find(userId)]);
    if (user?.member) return { kind: 'already', role: user.member.role };
    if (!invitation) return { kind: 'unknown' };
    const { role, by, createdAt } = invitation;
    if (user?.removed && user.removed.at >= createdAt) return { kind: 'ended' };
    // Who invited them may have lost the right to since.
    if (by.kind === 'telegram' && !mayManage(await users.roleOf(by.id), role)) return { kind: 'ended' };
    if (!(await invitations.take(code, userId, now))) return { kind: 'ended' };
    await users.admit(userId, role, by, now);
    return { kind: 'joined', role };
  };
}
