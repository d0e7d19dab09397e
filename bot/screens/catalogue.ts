/** /templates: every template with its status, and one of them as it looks when filled. */
import { parametersOf, unsupportedPart, type Template } from '../../domain/templates/template';
import { buttonData } from '../../clients/telegram-buttons';
import { exampleOf, filledHtml } from './filled';
import { listRows, type Screen } from '../screen';
import { Html, shorten, type Texts } from '../texts';
import { labelOf } from './template';

const PAGE_SIZE = 8;

const STATUS_SIGNS: Partial<Record<Template['status'], string>> = {
  APPROVED: '🟢',
  PENDING: '🟡',
  IN_APPEAL: '🟡',
  PAUSED: '🟠',
};

export function renderCatalogue(
  { templates, syncedAt }: { templates: readonly Template[]; syncedAt: Date },
  wanted: number,
  texts: Texts,
): Screen {
  return {
    html: texts.html('templates.title', {
      count: templates.length,
      approved: templates.filter(({ status }) => status === 'APPROVED').length,
      at: texts.time(syncedAt),
    }),
    keyboard: [
      ...listRows(
        templates,
        [wanted, PAGE_SIZE],
        (template) => ({
          text: `${STATUS_SIGNS[template.status] ?? '🔴'} ${labelOf(template)}`,
          data: buttonData('templates', 'open', template.id),
        }),
        (page) => buttonData('templates', 'page', page),
      ),
      [{ text: texts.plain('buttons.refresh'), data: buttonData('templates', 'refresh') }],
      [
        { text: texts.plain('drafting.new'), data: buttonData('templates', 'new') },
        { text: texts.plain('drafting.drafts'), data: buttonData('templates', 'drafts', 0) },
      ],
    ],
  };
}

export function renderTemplate(template: Template, texts: Texts): Screen {
  const { name, language, category, status, quality, reason } = template;
  const unsupported = unsupportedPart(template);
  const parts = [
    texts.html('templates.head', {
      ...{ sign: STATUS_SIGNS[status] ?? '🔴', name, language },
      category: texts.word(`templateCategories.${category}`),
      status: texts.word(`templateStates.${status}`),
      quality: texts.maybeWord(`templateQualities.${quality}`) ?? quality,
    }),
    filledHtml(exampleOf(template, texts), texts),
    texts.html('templates.parameters', { count: parametersOf(template).length }),
  ];
  if (status !== 'APPROVED') {
    const why = reason ? new Html(texts.html('templates.reason', { reason: shorten(reason, 300) })) : '';
    parts.push(texts.html('templates.unusable', { status: texts.word(`templateStatuses.${status}`), why }));
  } else if (unsupported !== undefined) {
    const refusal = { code: 'template_unsupported', values: { template: name, type: unsupported } } as const;
    parts.push(`⛔️ ${texts.refusal(refusal)}`);
  }
  return {
    html: parts.join('\n\n'),
    keyboard: [
      ...(status === 'APPROVED' && unsupported === undefined
        ? [
            [
              {
                text: texts.plain('buttons.use'),
                data: buttonData('templates', 'use', template.id),
                style: 'success' as const,
              },
            ],
          ]
        : []),
      [{ text: texts.plain('buttons.toTemplates'), data: buttonData('templates', 'page', 0) }],
    ],
  };
}
