/** `PATCH` of leads and contacts: stage, fields, tags (amocrm.md#write-back). Answers are thin. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Contact, EntityType, FieldValues, Lead, Tag } from '../company/model';
import { LOST, WON } from '../company/structure';
import { currentUser, nowSeconds, selfLink, tagByName, tagsOf, type AmocrmContext } from './context';
import { unknownChoice } from './problems';
import { sendHal } from './query';
import { idOf } from './reads';
import { readItems } from './writes';

const tagRef = z.union([z.object({ id: z.number().int() }), z.object({ name: z.string().min(1) })]);
const fieldValues = z.strictObject({
  field_id: z.number().int().optional(),
  field_code: z.string().optional(),
  field_name: z.string().optional(),
  field_type: z.string().optional(),
  values: z.array(
    z.strictObject({
      value: z.union([z.string(), z.number(), z.boolean()]).optional(),
      enum_id: z.number().int().optional(),
      enum_code: z.string().nullish(),
    }),
  ),
});
const common = {
  id: z.number().int().optional(),
  name: z.string().optional(),
  responsible_user_id: z.number().int().optional(),
  updated_by: z.number().int().optional(),
  updated_at: z.number().int().optional(),
  custom_fields_values: z.array(fieldValues).nullish(),
  tags_to_add: z.array(tagRef).optional(),
  tags_to_delete: z.array(tagRef).optional(),
  _embedded: z.strictObject({ tags: z.array(tagRef).nullable() }).optional(),
  request_id: z.union([z.string(), z.number()]).optional(),
};
const leadPatch = z.strictObject({
  ...common,
  price: z.number().int().min(0).optional(),
  status_id: z.number().int().optional(),
  pipeline_id: z.number().int().optional(),
  loss_reason_id: z.number().int().nullish(),
  closed_at: z.number().int().nullish(),
});
const contactPatch = z.strictObject({ ...common, first_name: z.string().optional(), last_name: z.string().optional() });
/** Written over the record as given. */
const PLAIN_FIELDS = [
  'name', 'first_name', 'last_name', 'responsible_user_id', 'price', 'status_id', 'pipeline_id', 'loss_reason_id', 'closed_at',
] as const; // prettier-ignore
type Patch = z.output<typeof leadPatch> & z.output<typeof contactPatch>;

export function registerUpdates(app: FastifyInstance, context: AmocrmContext): void {
  for (const entity of ['leads', 'contacts'] as const) {
    const schema = entity === 'leads' ? leadPatch : contactPatch;
    const records: Map<number, Lead | Contact> = context.company[entity];
    const shown = (request: FastifyRequest, record: Lead | Contact, requestId: string) => ({
      id: record.id,
      ...(entity === 'contacts' && { name: record.name }),
      updated_at: record.updated_at,
      request_id: requestId,
      _links: selfLink(request, `${entity}/${record.id}`),
    });

    app.patch(`/${entity}`, async (request, reply) => {
      const items = readItems(context, schema, request, reply, 'array');
      if (!items) return reply;
      items.forEach((item) => check(context, entity, item, item.id));
      const updated = items.map((item) =>
        shown(request, apply(context, entity, records.get(item.id!)!, item), item.request_id),
      );
      return sendHal(reply, { _links: selfLink(request, entity), _embedded: { [entity]: updated } });
    });

    app.patch(`/${entity}/:id`, async (request, reply) => {
      const id = idOf(request.params);
      const [item] = readItems(context, schema, request, reply, 'object') ?? [];
      if (!item) return reply;
      check(context, entity, item, id);
      const updated = shown(request, apply(context, entity, records.get(id)!, item), item.request_id);
      // A bare object for leads, a wrapped list for contacts: both are in the vendor's documents.
      return sendHal(
        reply,
        entity === 'leads' ? updated : { _links: selfLink(request, entity), _embedded: { contacts: [updated] } },
      );
    });
  }
}

/** Throws 400 for a record, stage, field or tag that isn't there. Nothing is applied before all items pass. */
function check(
  context: AmocrmContext,
  entity: EntityType,
  patch: Patch & { request_id: string },
  id: number | undefined,
): void {
  const refuse = (path: string): never => {
    throw unknownChoice(patch.request_id, path);
  };
  const record = id === undefined ? undefined : context.company[entity].get(id);
  if (!record || record.is_deleted) return refuse('id');
  if (patch.status_id !== undefined || patch.pipeline_id !== undefined) {
    const pipelineId = patch.pipeline_id ?? (record as Lead).pipeline_id;
    const pipeline = context.company.pipelines.find((one) => one.id === pipelineId);
    if (!pipeline) return refuse('pipeline_id');
    if (patch.status_id !== undefined && !pipeline.statuses.some((status) => status.id === patch.status_id))
      refuse('status_id');
  }
  patch.custom_fields_values?.forEach((given, index) => {
    const field = findField(context, entity, given);
    if (!field) return refuse(`custom_fields_values.${index}.field_id`);
    given.values.forEach(({ enum_id }, n) => {
      if (enum_id !== undefined && !field.enums?.some((choice) => choice.id === enum_id)) {
        refuse(`custom_fields_values.${index}.values.${n}.enum_id`);
      }
    });
  });
  const named = [...(patch.tags_to_add ?? []), ...(patch._embedded?.tags ?? [])];
  if (named.some((tag) => 'id' in tag && !tagsOf(context, entity).some((known) => known.id === tag.id)))
    refuse('_embedded.tags');
}

function findField({ company }: AmocrmContext, entity: EntityType, given: z.output<typeof fieldValues>) {
  return company.customFields.find(
    (field) =>
      field.entity_type === entity &&
      (given.field_id === field.id || (!given.field_id && given.field_code === field.code)),
  );
}

function apply(context: AmocrmContext, entity: EntityType, record: Lead | Contact, patch: Patch): Lead | Contact {
  const plain = Object.fromEntries(
    PLAIN_FIELDS.flatMap((key) => (patch[key] === undefined ? [] : [[key, patch[key]]])),
  );
  Object.assign(record, plain, { updated_at: nowSeconds(), updated_by: currentUser(context) });
  if (entity === 'leads' && patch.status_id !== undefined) {
    const lead = record as Lead;
    lead.closed_at = [WON, LOST].includes(patch.status_id) ? nowSeconds() : null;
  }
  if (entity === 'leads' && patch.pipeline_id !== undefined && patch.status_id === undefined) {
    // Only the pipeline was given: the first stage after «Неразобранное».
    const pipeline = context.company.pipelines.find(({ id }) => id === patch.pipeline_id);
    (record as Lead).status_id = pipeline!.statuses.find(({ type }) => type === 0)!.id;
  }
  if (patch.custom_fields_values !== undefined) writeFields(context, entity, record, patch.custom_fields_values);
  record.tags = changeTags(context, entity, record.tags, patch);
  // Kept over restarts.
  context.state.value[entity][record.id] = record as Lead & Contact;
  context.state.changed();
  return record;
}

/** A field's values are replaced as a whole; `[]` clears it; fields not named stay. */
function writeFields(
  context: AmocrmContext,
  entity: EntityType,
  record: Lead | Contact,
  given: Patch['custom_fields_values'],
): void {
  const fields = new Map((record.custom_fields_values ?? []).map((field) => [field.field_id, field]));
  for (const one of given ?? []) {
    const field = findField(context, entity, one)!;
    if (one.values.length === 0) {
      fields.delete(field.id);
      continue;
    }
    const values = one.values.map((value) => {
      const choice = field.enums?.find(
        ({ id, value: text }) => id === value.enum_id || text === (value.enum_code ?? value.value),
      );
      return {
        value: value.value ?? choice?.value ?? '',
        ...(choice && { enum_id: choice.id, enum_code: field.type === 'multitext' ? choice.value : null }),
      };
    });
    fields.set(field.id, {
      field_id: field.id,
      field_name: field.name,
      field_code: field.code,
      field_type: field.type,
      values,
    });
  }
  record.custom_fields_values = fields.size > 0 ? ([...fields.values()] as FieldValues[]) : null;
}

/** `_embedded.tags` replaces the set (`null` empties it); `tags_to_add` and `tags_to_delete` change it. */
function changeTags(
  context: AmocrmContext, entity: EntityType, tags: Tag[],
  { tags_to_add, tags_to_delete, _embedded }: Pick<Patch, 'tags_to_add' | 'tags_to_delete' | '_embedded'>,
): Tag[] {
  const find = (tag: z.output<typeof tagRef>): Tag =>
    'id' in tag ? tagsOf(context, entity).find(({ id }) => id === tag.id)! : tagByName(context, entity, tag.name);
  const set = new Map((_embedded ? (_embedded.tags ?? []).map(find) : tags).map((tag) => [tag.id, tag]));
  for (const tag of tags_to_add ?? []) set.set(find(tag).id, find(tag));
  for (const tag of tags_to_delete ?? []) {
    const gone = [...set.values()].find((one) => ('id' in tag ? one.id === tag.id : one.name === tag.name));
    if (gone) set.delete(gone.id);
  }
  return [...set.values()];
} // prettier-ignore
