/**
 * Schemas of an audience and of parameters that come from outside. Whether the things they name exist is checked
 * elsewhere.
 */
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { AudienceSource, ParameterSource, SimpleSource } from './audience';
import { isLinkTarget } from './links';
import { DELIVERY_STATES } from './story/delivery';
import { FOLLOW_UP_TO } from './story/follow-ups';
import { DATE_ORDERS } from './reading/read-date';
import { DECIMAL_MARKS } from './reading/read-sum';
import { isCurrency, TRANSFORM_NAMES } from './reading/transforms';

const id = z.int().positive();
const word = z.string().trim().min(1);
const moment = z.string().refine((value) => DateTime.fromISO(value).isValid, 'expected a day or moment (ISO 8601)');

const simpleSchema: z.ZodType<SimpleSource> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crm'),
    pipelineId: id.exactOptional(),
    statusId: id.exactOptional(),
    tags: z.array(word).min(1).exactOptional(),
    responsibleUserIds: z.array(id).min(1).exactOptional(),
    createdFrom: moment.exactOptional(),
    createdTo: moment.exactOptional(),
    updatedFrom: moment.exactOptional(),
    updatedTo: moment.exactOptional(),
    field: z.strictObject({ id, value: word }).exactOptional(),
    phones: z.enum(['main', 'all']).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('list'), listId: word }),
  z.strictObject({ kind: z.literal('phones'), phones: z.array(z.string()).min(1) }),
  z.strictObject({
    kind: z.literal('outcome'),
    campaignId: word,
    states: z.array(z.enum(DELIVERY_STATES)).min(1),
    codes: z.array(z.string()).exactOptional(),
    families: z.array(z.string()).exactOptional(),
    unanswered: z.literal(true).exactOptional(),
    clicked: z.enum(['yes', 'no']).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('follow_up'),
    campaignId: word,
    to: z.enum(FOLLOW_UP_TO),
    earlier: z.array(word),
  }),
]);

export const audienceSchema: z.ZodType<AudienceSource> = z.union([
  simpleSchema,
  z.strictObject({
    kind: z.literal('combined'),
    include: z.array(simpleSchema).min(1),
    exclude: z.array(simpleSchema),
  }),
]);

export const parametersSchema: z.ZodType<ParameterSource[]> = z.array(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('text'), value: z.string() }),
    z.strictObject({
      kind: z.literal('link'),
      target: z.string().refine(isLinkTarget, 'expected a whole https address such as https://shop.example/sale'),
    }),
    z.strictObject({
      kind: z.literal('column'),
      column: z.string().trim().min(1),
      fallback: z.string().exactOptional(),
      transform: z
        .array(
          z.discriminatedUnion('name', [
            z.strictObject({ name: z.enum(TRANSFORM_NAMES).exclude(['date', 'date_short', 'money']) }),
            z.strictObject({ name: z.enum(['date', 'date_short']), order: z.enum(DATE_ORDERS).exactOptional() }),
            z.strictObject({
              name: z.literal('money'),
              currency: z.string().refine(isCurrency, 'expected a currency such as RUB').exactOptional(),
              decimal: z.enum(DECIMAL_MARKS).exactOptional(),
            }),
          ]),
        )
        .exactOptional(),
    }),
  ]),
);
