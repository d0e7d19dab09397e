/** The form fields of the two send calls; anything else is refused (gupshup.md#send). */
import { z } from 'zod';
import type { HeaderMessage } from './verdict';

/** A JSON text field of the form, parsed; a refusal names the field. */
const jsonField = <T extends z.ZodType>(schema: T) =>
  z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'expected JSON text' });
      return z.NEVER;
    }
  }).pipe(schema); // prettier-ignore

const media = z.union([
  z.strictObject({ link: z.string(), filename: z.string().optional() }),
  z.strictObject({ id: z.string(), filename: z.string().optional() }),
]);
const headerMessage = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('image'), image: media }),
    z.strictObject({ type: z.literal('video'), video: media }),
    z.strictObject({ type: z.literal('document'), document: media }),
    z.strictObject({
      type: z.literal('carousel'),
      cardHeaderType: z.enum(['IMAGE', 'VIDEO']),
      cards: z.array(z.union([z.strictObject({ link: z.string() }), z.strictObject({ id: z.string() })])),
    }),
    z.strictObject({
      type: z.literal('location'),
      location: z.strictObject({ longitude: z.coerce.string(), latitude: z.coerce.string() }),
    }),
  ])
  .transform((message): HeaderMessage => {
    if (message.type === 'location') return { type: 'location' };
    if (message.type === 'carousel')
      return { type: 'carousel', cardHeaderType: message.cardHeaderType, cards: message.cards };
    const file = message.type === 'image' ? message.image : message.type === 'video' ? message.video : message.document;
    return 'link' in file ? { type: message.type, link: file.link } : { type: message.type, mediaId: file.id };
  });

const common = {
  channel: z.literal('whatsapp').optional(),
  source: z.string().min(1),
  destination: z.string(),
  'src.name': z.string().optional(),
};
export const templateForm = z.strictObject({
  ...common,
  template: jsonField(z.strictObject({ id: z.string().min(1), params: z.array(z.string()).default([]) })),
  message: jsonField(headerMessage).optional(),
  postbackTexts: jsonField(z.array(z.strictObject({ index: z.number().int().min(0), text: z.string() }))).optional(),
});
export const sessionForm = z.strictObject({
  ...common,
  message: jsonField(z.looseObject({ type: z.string(), text: z.string().optional(), caption: z.string().optional() })),
  disablePreview: z.enum(['true', 'false']).optional(),
  encode: z.enum(['true', 'false']).optional(),
});
