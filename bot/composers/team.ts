/** /team: who may do what, changed at once; and invitations. Changes nothing that the presser's role may not. */
import { Composer } from 'telegraf';
import { ANY, buttonPattern } from '../../clients/telegram-buttons';
import { invitationLink, INVITATION_HOURS } from '../../clients/invitation-link';
import { mayManage, ROLES, type Role } from '../../domain/roles';
import type { Member } from '../../store/team';
import { named } from '../commands';
import type { BotContext, Press } from '../context';
import { warning, withBanner, type Screen } from '../screen';
import {
  nameOf,
  renderCrmUsers,
  renderInvite,
  renderMember,
  renderRemoveSure,
  renderTeam,
  type Viewer,
} from '../screens/team';
import type { BotServices } from '../services/contract';

export interface TeamOptions {
  services: Pick<BotServices, 'crm' | 'users' | 'team'>;
  now(): Date;
}

const HOUR_MS = 3_600_000;

export function team({ services: { crm, users, team: joining }, now }: TeamOptions): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const viewerOf = ({ user, role }: BotContext): Viewer => ({ id: user._id, role });

  async function crmNameOf(id: number): Promise<string> {
    const known = await crm.users();
    return (known.ok && known.value.find((user) => user.id === id)?.name) || `ID ${id}`;
  }

  async function listScreen(ctx: BotContext, wanted: number, banner?: string): Promise<Screen> {
    const [members, invitations] = await Promise.all([users.members(), joining.invitations.open(now())]);
    const screen = renderTeam(members, invitations, { wanted, viewer: viewerOf(ctx), texts: ctx.texts });
    return withBanner(screen, banner);
  }

  async function memberScreen(ctx: BotContext, one: Member, banner?: string): Promise<Screen> {
    const { by } = one.member;
    const giver = by.kind === 'telegram' ? await users.find(by.id) : undefined;
    const name = giver
      ? nameOf(giver)
      : ctx.texts.plain(`team.by.${by.kind}`, by.kind === 'telegram' ? { id: by.id } : {});
    const crmUser = one.crmUserId === undefined ? undefined : await crmNameOf(one.crmUserId);
    return withBanner(renderMember(one, viewerOf(ctx), ctx.texts, { by: name, crmUser }), banner);
  }

  /** The person of a button, as they are now; when they are gone, the list with the reason. */
  const withMember = (handler: (ctx: Press, one: Member) => Promise<unknown>) => async (ctx: Press) => {
    const one = await users.find(Number(ctx.match[1]));
    if (one?.member) return handler(ctx, one as Member);
    return ctx.showScreen(await listScreen(ctx, 0, warning(ctx.texts, ctx.texts.plain('team.gone'))));
  };

  /** Refuses what the presser's role may not do to such a role, else carries it out and shows the person. */
  async function change(
    ctx: Press,
    one: Member,
    roles: readonly Role[],
    carry: () => Promise<'done' | 'same' | 'not_member' | 'last_owner'>,
  ): Promise<boolean> {
    const { texts } = ctx;
    const refusal = roles.every((role) => mayManage(ctx.role, role)) ? await carry() : 'not_allowed';
    if (refusal === 'done' || refusal === 'same') return true;
    const banner = warning(texts, texts.plain(`team.refused.${refusal}`));
    await ctx.showScreen(
      refusal === 'not_member' ? await listScreen(ctx, 0, banner) : await memberScreen(ctx, one, banner),
    );
    return false;
  }

  const list = async (ctx: BotContext): Promise<unknown> => ctx.replyWithScreen(await listScreen(ctx, 0));
  composer.command(named('team'), list);
  composer.action(buttonPattern('menu', 'team'), list);
  composer.action(buttonPattern('team', 'list', ANY), async (ctx) =>
    ctx.showScreen(await listScreen(ctx, Number(ctx.match[1]) || 0)),
  );
  composer.action(
    buttonPattern('team', 'open', ANY),
    withMember(async (ctx, one) => ctx.showScreen(await memberScreen(ctx, one))),
  );
  composer.action(
    buttonPattern('team', 'role', ANY, ANY),
    withMember(async (ctx, one) => {
      const role = ROLES.find((known) => known === ctx.match[2]);
      if (!role) return ctx.showScreen(await memberScreen(ctx, one));
      const roles = [one.member.role, role];
      if (!(await change(ctx, one, roles, () => users.setRole(one._id, role, ctx.actor)))) return undefined;
      const { texts } = ctx;
      const banner = texts.html('team.changed', { name: nameOf(one), role: texts.word(`roles.${role}`) });
      const present = (await users.find(one._id)) as Member;
      return ctx.showScreen(await memberScreen(ctx, present, banner));
    }),
  );
  composer.action(
    buttonPattern('team', 'remove', ANY),
    withMember((ctx, one) => ctx.showScreen(renderRemoveSure(one, ctx.texts))),
  );
  composer.action(
    buttonPattern('team', 'remove!', ANY),
    withMember(async (ctx, one) => {
      if (!(await change(ctx, one, [one.member.role], () => users.remove(one._id, ctx.actor, now())))) return undefined;
      return ctx.showScreen(await listScreen(ctx, 0, ctx.texts.html('team.removed', { name: nameOf(one) })));
    }),
  );

  composer.action(
    buttonPattern('team', 'crm', ANY, ANY),
    withMember(async (ctx, one) => {
      const known = await crm.users();
      const { texts } = ctx;
      if (!known.ok)
        return ctx.showScreen(await memberScreen(ctx, one, warning(texts, texts.refusalText(known.refusal))));
      return ctx.showScreen(renderCrmUsers(one, known.value, Number(ctx.match[2]) || 0, texts));
    }),
  );
  composer.action(
    buttonPattern('team', 'crm!', ANY, ANY),
    withMember(async (ctx, one) => {
      const id = Number(ctx.match[2]) || undefined;
      if (!mayManage(ctx.role, one.member.role))
        return ctx.showScreen(
          await memberScreen(ctx, one, warning(ctx.texts, ctx.texts.plain('team.refused.not_allowed'))),
        );
      await users.setCrmUser(one._id, id, ctx.actor);
      return ctx.showScreen(await memberScreen(ctx, (await users.find(one._id)) as Member));
    }),
  );

  composer.action(buttonPattern('team', 'invite'), (ctx) => ctx.showScreen(renderInvite(viewerOf(ctx), ctx.texts)));
  composer.action(buttonPattern('team', 'invite', ANY), async (ctx) => {
    const { texts, actor: by } = ctx;
    const role = ROLES.find((known) => known === ctx.match[1]);
    if (!role || !mayManage(ctx.role, role)) return ctx.showScreen(renderInvite(viewerOf(ctx), texts));
    const createdAt = now();
    const expiresAt = new Date(createdAt.getTime() + INVITATION_HOURS * HOUR_MS);
    const code = await joining.invitations.create({ role, by, createdAt, expiresAt });
    const values = {
      role: texts.word(`roles.${role}`),
      link: invitationLink(ctx.me, code),
      until: texts.time(expiresAt),
    };
    await ctx.showScreen(await listScreen(ctx, 0));
    // Below, as a message of its own: it is forwarded to the new person.
    return ctx.replyWithScreen({ html: texts.html('team.link', values), keyboard: [] });
  });
  composer.action(buttonPattern('team', 'revoke', ANY), async (ctx) => {
    const { texts } = ctx;
    const [, id = ''] = ctx.match;
    const found = (await joining.invitations.open(now())).find(({ _id }) => _id === id);
    const revoked = found && mayManage(ctx.role, found.role) && (await joining.invitations.revoke(id));
    const banner = revoked ? texts.html('team.revoked') : warning(texts, texts.plain('team.invitationGone'));
    return ctx.showScreen(await listScreen(ctx, 0, banner));
  });
  return composer;
}
