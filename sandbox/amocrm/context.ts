/** State and helpers shared by the routes of the sandbox's amoCRM. */
import type { FastifyRequest } from 'fastify';
import type { Company, Tag, EntityType } from '../company/model';
import type { Snapshot } from '../snapshot';
import type { AmocrmState } from './state';

export interface AmocrmContext {
  company: Company;
  state: Snapshot<AmocrmState>;
}

/** The user in whose name the token acts. */
export function currentUser({ company }: AmocrmContext): number {
  return company.users[0]!.id;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

export function newId({ state }: AmocrmContext): number {
  state.value.nextId += 2;
  return state.value.nextId;
}

/** Absolute address of a path under `/api/v4/`. */
export function href(request: FastifyRequest, path: string): string {
  return `${request.protocol}://${request.host}/amocrm/api/v4/${path}`;
}

export function selfLink(request: FastifyRequest, path: string): { self: { href: string } } {
  return { self: { href: href(request, path) } };
}

/** The tags of an entity type. Ids differ per type. */
export function tagsOf({ company, state }: AmocrmContext, entity: EntityType): Tag[] {
  return [...(entity === 'leads' ? company.leadTags : company.contactTags), ...state.value.newTags[entity]];
}

/** The tag with this name, created if missing. */
export function tagByName(context: AmocrmContext, entity: EntityType, name: string): Tag {
  const known = tagsOf(context, entity).find((tag) => tag.name === name);
  if (known) return known;
  const tag: Tag = { id: newId(context), name, color: null };
  context.state.value.newTags[entity].push(tag);
  context.state.changed();
  return tag;
}
