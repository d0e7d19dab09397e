/** The form of a template that is submitted for review, and what Gupshup's answer to it means (gupshup.md#template-creation). */
import { z } from 'zod';
import type { DraftButton, TemplateDraft } from '../../domain/templates/draft';
import { templateOf } from '../../domain/templates/draft';
import { fillTemplate, type TemplateStatus, TEMPLATE_STATUSES } from '../../domain/templates/template';
import type { HttpAnswer } from '../http';
import { answerOfError, type SendAnswer, vendorMessage } from './send';

/**
 * - `accepted` Gupshup has the template, mostly PENDING
 * - `refused`, `unreachable` it has not
 * - `ambiguous` it may have it: look for its name in the list, never submit it again unseen
 */
export type SubmitAnswer =
  { kind: 'accepted'; templateId: string; status: TemplateStatus } | Exclude<SendAnswer, { kind: 'accepted' }>;

const VARIABLE = /\{\{\d+\}\}/g;

export function submitForm(draft: TemplateDraft): Record<string, string> {
  const template = templateOf(draft);
  const { header, footer, cards, cardMedia } = draft;
  const example = fillTemplate(template, template.examples ?? []).body;
  const form: Record<string, string> = {
    elementName: draft.name,
    languageCode: draft.language,
    category: draft.category,
    templateType: template.type,
    // Free text that Gupshup asks for; people see it in its console only.
    vertical: draft.name,
    content: draft.body,
    example,
    enableSample: 'true',
    // Otherwise Meta rejects what it takes for another category; a change is told with its price.
    allowTemplateCategoryChange: 'true',
  };
  if (header?.type === 'TEXT') {
    form['header'] = header.text;
    form['exampleHeader'] = header.text.replace(VARIABLE, header.sample ?? '');
  } else if (header) form['exampleMedia'] = header.handle;
  if (footer) form['footer'] = footer;
  if (draft.buttons.length > 0) form['buttons'] = JSON.stringify(draft.buttons.map(buttonForm));
  if (cards) {
    form['cards'] = JSON.stringify(
      cards.map(({ mediaUrl, body, buttons }) => ({
        ...{ headerType: cardMedia ?? 'IMAGE', mediaUrl, mediaId: null, exampleMedia: null },
        ...(body !== '' && { body, sampleText: body }),
        buttons: buttons.map(buttonForm),
      })),
    );
  }
  return form;
}

function buttonForm(button: DraftButton): Record<string, unknown> {
  switch (button.type) {
    case 'QUICK_REPLY':
      return { type: 'QUICK_REPLY', text: button.text };
    case 'PHONE_NUMBER':
      return { type: 'PHONE_NUMBER', text: button.text, phone_number: button.phone };
    case 'COPY_CODE':
      return { type: 'COPY_CODE', text: 'Copy offer code', example: button.sample };
    case 'URL': {
      const { text, url, sample } = button;
      if (!url.match(VARIABLE)) return { type: 'URL', text, url };
      const start = url.replace(VARIABLE, '');
      return { type: 'URL', text, url, buttonValue: start, suffix: sample, example: [start + (sample ?? '')] };
    }
  }
}

const statusSchema = z
  .string()
  .transform((status) => TEMPLATE_STATUSES.find((one) => one === status.toUpperCase()) ?? 'PENDING')
  .catch('PENDING' as const);
const createdSchema = z.object({ template: z.object({ id: z.string().trim().min(1), status: statusSchema }) });
const errorSchema = z.object({ status: z.literal('error') });

/** A 2xx with `"status":"error"` is seen here (gupshup.md#send-answers); one without a template may have made it. */
export function answerOfSubmit({ status, json }: HttpAnswer): SubmitAnswer {
  if (errorSchema.safeParse(json).success) {
    return { kind: 'refused', status, message: wordsOf(json) ?? `HTTP ${status}` };
  }
  const created = createdSchema.safeParse(json).data?.template;
  return created
    ? { kind: 'accepted', templateId: created.id, status: created.status }
    : { kind: 'ambiguous', detail: `HTTP ${status} without a template` };
}

/** A thrown error kind as a value. Gupshup's fault (5xx) may come after it has handed the template to Meta. */
export function submitAnswerOfError(error: unknown): SubmitAnswer {
  const answer = answerOfError(error) as Exclude<SendAnswer, { kind: 'accepted' }>;
  return answer.kind === 'refused' && answer.status >= 500
    ? { kind: 'ambiguous', detail: `HTTP ${answer.status}` }
    : answer;
}

/** Seen with the sentence one level deeper. */
function wordsOf(json: unknown): string | undefined {
  const nested = z.object({ message: z.object({ message: z.string() }) }).safeParse(json).data?.message.message;
  return vendorMessage(nested ?? json);
}
