/** What is worth knowing of a template before it goes to these people, and no reason not to start. */
import type { Refusal } from '../config/errors';
import { isMarketing } from '../domain/suppression';
import { parametersOf, type Template } from '../domain/template';

/** `recipients` by the ISO code of their country. */
export function templateWarnings(template: Template, recipients: ReadonlyMap<string, number>): Refusal[] {
  const { name, quality, category } = template;
  const warnings: Refusal[] = [];
  if (quality === 'RED' || quality === 'YELLOW') {
    warnings.push({ code: 'template_low_quality', values: { template: name, quality } });
  }
  if (parametersOf(template).some(({ place }) => place === 'header')) {
    warnings.push({ code: 'template_header_variable', values: { template: name } });
  }
  // WhatsApp delivers no marketing to the US since April 2025 (facts/gupshup-whatsapp.md §6).
  const american = recipients.get('US') ?? 0;
  if (american > 0 && isMarketing(category)) warnings.push({ code: 'marketing_to_us', values: { count: american } });
  return warnings;
}
