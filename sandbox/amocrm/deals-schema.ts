/** What the control may order of deals that move. */
import { z } from 'zod';

const percent = z.number().min(0).max(100);
/** Of a hundred leads so many are won, lost, or come one stage forward; the others stay. */
export const chances = z
  .strictObject({ won: percent, lost: percent, forward: percent, seed: z.string() })
  .refine(
    ({ won, lost, forward }) => won + lost + forward <= 100,
    'won, lost and forward: expected at most 100 together',
  );

/** `PUT /sandbox/amocrm/settings`, `deals`: what a message does to the leads of its person. */
export const dealsSchema = z
  .strictObject({ when: z.enum(['read', 'replied']), afterMs: z.number().int().min(0), chances })
  .nullable();

/** `POST /sandbox/amocrm/move-deals`: now, for these leads or all that stand in a stage. */
export const moveDealsSchema = z.strictObject({
  ids: z.array(z.number().int()).optional(),
  stage: z.strictObject({ pipelineId: z.number().int(), statusId: z.number().int() }).optional(),
  chances,
});
