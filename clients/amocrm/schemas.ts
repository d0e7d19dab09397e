/**
 * Tolerant schemas of amoCRM's answers: null fields, numbers as text, unknown extras (amocrm.md#collections,
 * amocrm.md#pipelines).
 */
import { z } from 'zod';
import { crmRefused } from './error';

/** One value of a custom field as text. Structured values (legal entity, file) have none. */
const fieldValue = z.object({ value: z.union([z.string(), z.number(), z.boolean()]).transform(String) });
const customField = z.object({
  field_id: z.number().catch(0),
  field_name: z.string().catch(''),
  field_code: z.string().nullish().catch(null),
  values: z.array(fieldValue.nullable().catch(null)).nullish().catch(null),
});
const customFields = z
  .array(customField.nullable().catch(null))
  .nullish()
  .catch(null)
  .transform((fields) =>
    (fields ?? []).flatMap((field) => {
      if (!field) return [];
      const values = (field.values ?? []).flatMap((value) => (value ? [value.value] : []));
      return [{ id: field.field_id, name: field.field_name, code: field.field_code ?? undefined, values }];
    }),
  );

const links = z.object({ next: z.object({ href: z.string() }).optional().catch(undefined) }).catch({});
const text = z
  .string()
  .nullish()
  .catch(null)
  .transform((value) => value ?? '');

export const leadSchema = z.object({
  id: z.number(),
  name: text,
  price: z.number().nullish().catch(null),
  pipeline_id: z.number(),
  status_id: z.number(),
  responsible_user_id: z.number().catch(0),
  created_at: z.number().optional().catch(undefined),
  updated_at: z.number().optional().catch(undefined),
  is_deleted: z.boolean().catch(false),
  custom_fields_values: customFields,
  _embedded: z
    .object({
      tags: z.array(z.object({ name: text })).catch([]),
      contacts: z.array(z.object({ id: z.number(), is_main: z.boolean().catch(false) })).catch([]),
    })
    .catch({ tags: [], contacts: [] }),
});

/** amoCRM shows few fields of a deleted lead. */
export const deletedLeadSchema = z.object({ id: z.number(), is_deleted: z.boolean().catch(false) });

export const contactSchema = z.object({
  id: z.number(),
  name: text,
  first_name: text,
  last_name: text,
  is_deleted: z.boolean().catch(false),
  custom_fields_values: customFields,
});

/** A page of a collection; `schema` applies to each row. Unreadable rows are counted, not thrown. */
export function pageSchema<T extends z.ZodType>(
  collection: string,
  schema: T,
): z.ZodType<{ rows: z.output<T>[]; unreadable: number; next: string | undefined }> {
  return z.object({ _links: links, _embedded: z.record(z.string(), z.unknown()) }).transform((page, context) => {
    const rows = page._embedded[collection];
    if (!Array.isArray(rows)) {
      context.addIssue({ code: 'custom', message: `expected _embedded.${collection} to be an array` });
      return z.NEVER;
    }
    const parsed = rows.map((row: unknown) => schema.safeParse(row));
    const good = parsed.flatMap((result) => (result.success ? [result.data] : []));
    return { rows: good, unreadable: parsed.length - good.length, next: page._links.next?.href };
  });
}

export const pipelineSchema = z.object({
  id: z.number(),
  name: text,
  sort: z.number().catch(0),
  is_archive: z.boolean().catch(false),
  _embedded: z.object({
    statuses: z.array(z.object({ id: z.number(), name: text, sort: z.number().catch(0), color: text })),
  }),
});

export const userSchema = z.object({
  id: z.number(),
  name: text,
  rights: z.object({ is_active: z.boolean().catch(true) }).catch({ is_active: true }),
});

export const noteSchema = z
  .object({
    entity_id: z.number(),
    created_at: z.number().catch(Infinity),
    params: z.object({ text: text }).catch({ text: '' }),
  })
  .transform(({ params, ...note }) => ({ ...note, text: params.text }));

export const taskSchema = z.object({ entity_id: z.number().nullable(), created_at: z.number().catch(Infinity), text });

export const tagSchema = z.object({ id: z.number(), name: text });

export const fieldDefinitionSchema = z.object({
  id: z.number(),
  name: text,
  type: text,
  sort: z.number().catch(0),
  enums: z
    .array(z.object({ id: z.number(), value: text }))
    .nullish()
    .catch(null),
});

export const accountSchema = z.object({
  id: z.number(),
  name: text,
  subdomain: text,
  country: text,
  currency: text,
});

/** Throws AmocrmError with the path and the error when the answer is not as documented. */
export function parseAnswer<T extends z.ZodType>(schema: T, json: unknown, path: string): z.output<T> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw crmRefused(200, `the answer of ${path} is not what amoCRM documents (${where}); check AMOCRM_BASE_URL`);
}
