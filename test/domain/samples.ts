/** A template to test with, and its making. */
import type { Template } from '../../domain/templates/template';

export function template(changes: Partial<Template> = {}): Template {
  return {
    id: '00b8d1ed-0000-4000-8000-000000000001',
    name: 'due_reminder',
    language: 'ru',
    category: 'UTILITY',
    type: 'TEXT',
    status: 'APPROVED',
    quality: 'GREEN',
    body: '{{1}}, оплатите до {{2}}.',
    buttons: [],
    ...changes,
  };
}
