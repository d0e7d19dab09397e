/** /team: the people on the team with their roles, one of them, and invitations. Pure: documents in, a screen out. */
import { buttonData } from '../../clients/telegram-buttons';
import type { CrmUser } from '../../clients/amocrm/model';
import { mayManage, ROLES, rolesToGive, type Role } from '../../domain/roles';
import type { InvitationDocument } from '../../store/invitations';
import type { Member } from '../../store/team';
import { listRows, rowsThatFit, type Button, type Screen } from '../screen';
import { escapeHtml, Html, shorten, type Texts } from '../texts';
import { say } from './say-replies';

/** Who looks: what they may change depends on their role. */
export interface Viewer {
  id: number;
  role: Role;
}

const PAGE_SIZE = 10;
const NAME_LENGTH = 40;

const button = (text: string, ...parts: (string | number)[]): Button => ({ text, data: buttonData('team', ...parts) });

/** As the person is called on Telegram, or their id. */
export const nameOf = ({ _id, name }: Pick<Member, '_id' | 'name'>): string =>
  shorten(name || `ID ${_id}`, NAME_LENGTH);

export function renderTeam(
  team: readonly Member[],
  invitations: readonly InvitationDocument[],
  { wanted, viewer, texts }: { wanted: number; viewer: Viewer; texts: Texts },
): Screen {
  const sorted = team.toSorted((a, b) => ROLES.indexOf(a.member.role) - ROLES.indexOf(b.member.role));
  const open = invitations.filter(({ role }) => mayManage(viewer.role, role));
  const roles = ROLES.map((role) => [role, team.filter(({ member }) => member.role === role).length] as const);
  return {
    html: [
      texts.html('team.title', { count: team.length }),
      ...roles.flatMap(
        ([role, count]) =>
        count > 0 ? [texts.html('team.roleLine', { role: texts.word(`roles.${role}`), count, can: texts.word(`roleMeanings.${role}`) })] : [], // prettier-ignore
      ),
      ...(open.length > 0 ? [texts.html('team.openInvitations', { count: open.length })] : []),
    ].join('\n'),
    keyboard: [
      ...listRows(
        sorted,
        [wanted, PAGE_SIZE],
        (one) => button(`${nameOf(one)} · ${texts.word(`roles.${one.member.role}`)}`, 'open', one._id),
        (page) => buttonData('team', 'list', page),
      ),
      [button(texts.plain('team.invite'), 'invite')],
      ...open.map(({ _id, role, expiresAt }) => [
        button(
          texts.plain('team.revoke', { role: texts.word(`roles.${role}`), until: texts.shortTime(expiresAt) }),
          'revoke',
          _id,
        ),
      ]),
    ],
  };
}

/** One person: their role, since when and by whom, and what the viewer may change. */
export function renderMember(
  one: Member,
  viewer: Viewer,
  texts: Texts,
  { by, crmUser }: { by: string; crmUser?: string | undefined },
): Screen {
  const { _id, member, unreachableSince } = one;
  const back = [button(texts.plain('team.toTeam'), 'list', 0)];
  const can = mayManage(viewer.role, member.role);
  const roles = rolesToGive(viewer.role).filter((role) => role !== member.role);
  return {
    html: [
      texts.html('team.member', {
        name: nameOf(one),
        id: String(_id),
        role: texts.word(`roles.${member.role}`),
        can: texts.word(`roleMeanings.${member.role}`),
        since: texts.time(member.since),
        by,
      }),
      say(texts, crmUser ? 'crmUser.is' : 'crmUser.none', { name: escapeHtml(crmUser ?? '') }),
      ...(unreachableSince ? [texts.html('team.unreachable', { since: texts.time(unreachableSince) })] : []),
      ...(can ? [] : [texts.html('team.onlyOwner')]),
    ].join('\n'),
    keyboard: can
      ? [
          ...rowsThatFit(
            roles.map((role) =>
              button(texts.plain('team.make', { role: texts.word(`roles.${role}`) }), 'role', _id, role),
            ),
          ),
          [button(say(texts, 'crmUser.button'), 'crm', _id, 0)],
          [{ ...button(texts.plain('team.remove'), 'remove', _id), style: 'danger' }],
          back,
        ]
      : [back],
  };
}

/** Which user of the CRM are they? */
export function renderCrmUsers(one: Member, users: readonly CrmUser[], page: number, texts: Texts): Screen {
  const { _id, crmUserId } = one;
  return {
    html: say(texts, 'crmUser.question', { name: escapeHtml(nameOf(one)) }),
    keyboard: [
      ...listRows(
        users,
        [page, PAGE_SIZE],
        ({ id, name }) => button(`${id === crmUserId ? '✅ ' : ''}${shorten(name, NAME_LENGTH)}`, 'crm!', _id, id),
        (wanted) => buttonData('team', 'crm', _id, wanted),
      ),
      [button(say(texts, 'crmUser.clear'), 'crm!', _id, 0)],
      [button(texts.plain('team.toTeam'), 'open', _id)],
    ],
  };
}

export function renderRemoveSure(one: Member, texts: Texts): Screen {
  return {
    html: texts.html('team.removeSure', { name: nameOf(one) }),
    keyboard: [
      [
        { ...button(texts.plain('team.removeYes'), 'remove!', one._id), style: 'danger' },
        button(texts.plain('buttons.no'), 'open', one._id),
      ],
    ],
  };
}

/** Which role shall the new person have? */
export function renderInvite(viewer: Viewer, texts: Texts): Screen {
  const roles = rolesToGive(viewer.role);
  const lines = roles.map((role) =>
    texts.html('team.roleMeaning', { role: texts.word(`roles.${role}`), can: texts.word(`roleMeanings.${role}`) }),
  );
  return {
    html: texts.html('team.inviteQuestion', { roles: new Html(lines.join('\n')) }),
    keyboard: [
      ...rowsThatFit(roles.map((role) => button(texts.word(`roles.${role}`), 'invite', role))),
      [button(texts.plain('team.toTeam'), 'list', 0)],
    ],
  };
}
