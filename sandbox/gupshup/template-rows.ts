/** Writes a demo template as a row of Gupshup's template list, JSON-in-string fields and all (gupshup.md#templates). */
import {
  parametersOf,
  type TemplateButton,
  type TemplateCard,
  type TemplateStatus,
} from '../../domain/templates/template';
import type { DemoTemplate } from './templates';

const CREATED_ON = 1_764_000_000_000;
const SUPPORTED: Partial<Record<TemplateButton['type'], string>> = {
  QUICK_REPLY: 'QR', URL: 'URL', PHONE_NUMBER: 'PN', COPY_CODE: 'CC', OTP: 'OTP', FLOW: 'FLOW', MPM: 'MPM',
}; // prettier-ignore

/** `status` may differ from the template's first one: the control can pause it. */
export function templateRow(template: DemoTemplate, appId: string, status: TemplateStatus): Record<string, unknown> {
  // A submitted one has a random id.
  const number = Number(template.id.slice(-4)) || Number.parseInt(template.id.slice(-4), 16);
  const buttons = [...new Set(template.buttons.map(({ type }) => SUPPORTED[type]).filter(Boolean))];
  const container =
    template.containerMeta === 'broken' ? '{"data":"Your delivery' : JSON.stringify(containerMeta(template, appId));
  return {
    appId,
    buttonSupported: buttons.join(','),
    category: template.category,
    ...(template.containerMeta !== 'absent' && { containerMeta: container }),
    createdOn: CREATED_ON + number * 60_000,
    data: dataText(template),
    elementName: template.name,
    ...(status !== 'PENDING' && { externalId: String(1_508_119_726_410_000 + number) }),
    id: template.id,
    internalType: 0,
    languageCode: template.language,
    languagePolicy: 'deterministic',
    meta: JSON.stringify({ example: fillText(template.body, template) }),
    modifiedOn: CREATED_ON + number * 60_000 + 5_999,
    namespace: '5c1d8f4e_0a6b_4b0f_9a7a_3f6f0f2f1d11',
    parameterFormat: 'POSITIONAL',
    priority: 1,
    quality: template.quality,
    ...(status === 'REJECTED' && { reason: template.reason ?? 'INVALID_FORMAT' }),
    retry: 0,
    stage: 'NONE',
    status,
    templateType: template.type,
    vertical: 'Retail',
    wabaId: '104996122399160',
  };
}

/** Header, body and footer by lines, then the buttons in Gupshup's own marks. */
function dataText(template: DemoTemplate): string {
  const lines = [template.header?.type === 'TEXT' ? template.header.text : undefined, template.body, template.footer];
  const buttons = template.buttons.map((button) => {
    const value = button.url ?? button.phoneNumber ?? (button.type === 'COPY_CODE' ? '{{1}}' : undefined);
    return ` | [${value === undefined ? button.text : `${button.text},${value}`}]`;
  });
  return lines.filter(Boolean).join('\n') + buttons.join('');
}

function containerMeta(template: DemoTemplate, appId: string): Record<string, unknown> {
  const header = template.header;
  return {
    appId,
    data: template.body,
    ...(header?.type === 'TEXT' && { header: header.text, sampleHeader: header.text }),
    ...(template.footer && { footer: template.footer }),
    ...(template.buttons.length > 0 && { buttons: template.buttons.map((button) => buttonMeta(button, template)) }),
    sampleText: fillText(template.body, template),
    ...(header && 'exampleUrl' in header && { mediaUrl: header.exampleUrl, sampleMedia: '4::aW1hZ2U=:ARZsandbox' }),
    ...(template.cards && { cards: template.cards.map(cardMeta) }),
    enableSample: true,
    editTemplate: false,
    allowTemplateCategoryChange: false,
    addSecurityRecommendation: false,
  };
}

function cardMeta({ media, exampleUrl, body, buttons }: TemplateCard): Record<string, unknown> {
  return {
    headerType: media,
    mediaUrl: exampleUrl ?? null,
    mediaId: null,
    exampleMedia: '4::aW1hZ2U=:ARZsandbox',
    ...(body !== '' && { body, sampleText: body }),
    buttons: buttons.map(({ type, text, url, phoneNumber }) => ({
      type,
      text,
      ...(url && { url }),
      ...(phoneNumber && { phone_number: phoneNumber }),
    })),
  };
}

function buttonMeta(button: TemplateButton, template: DemoTemplate): Record<string, unknown> {
  const value = exampleOf(button, template);
  switch (button.type) {
    case 'URL':
      return {
        type: 'URL',
        text: button.text,
        url: button.url,
        ...(value && { example: [button.url!.replace('{{1}}', value)] }),
      };
    case 'PHONE_NUMBER':
      return { type: 'PHONE_NUMBER', text: button.text, phone_number: button.phoneNumber };
    case 'COPY_CODE':
      return { type: 'COPY_CODE', text: button.text, example: value };
    case 'OTP':
      return { type: 'OTP', text: button.text, otp_type: 'COPY_CODE' };
    default:
      return { type: button.type, text: button.text };
  }
}

function exampleOf(button: TemplateButton, template: DemoTemplate): string | undefined {
  const parameter = parametersOf(template).find((one) => one.button === button.text);
  return parameter && template.examples[parameter.position - 1];
}

function fillText(body: string, template: DemoTemplate): string {
  return body.replace(/\{\{(\d+)\}\}/g, (variable, n: string) => template.examples[Number(n) - 1] ?? variable);
}
