/** A template deleted at Gupshup and made again is the same when it says the same. */
import { presentTemplate } from '../../../domain/templates/present-template';
import type { Template } from '../../../domain/templates/template';
import { template } from '../samples';

const known = template({ body: 'Здравствуйте, {{1}}!' });
const again = (changes: Partial<Template> = {}): Template => ({ ...known, id: 'new', ...changes });

test.each<[string, Template[], string]>([
  ['is there', [known, again()], 'same old'],
  ['is there with another quality', [{ ...known, quality: 'RED' }], 'same old'],
  ['was made again', [again()], 'same new'],
  [
    'was made again, and the old one is still listed as deleted',
    [{ ...known, status: 'DELETED' }, again()],
    'same new',
  ],
  ['was made again with other examples', [again({ examples: ['Анна'] })], 'same new'],
  ['was made again and waits for Meta', [again({ status: 'PENDING' })], 'same new'],
  ['was made again with another text', [again({ body: 'Привет, {{1}}!' })], 'changed'],
  ['was made again with another footer', [again({ footer: 'Стоп — СТОП' })], 'changed'],
  ['was made again with a button', [again({ buttons: [{ type: 'QUICK_REPLY', text: 'Да' }] })], 'changed'],
  ['was made again in another language', [again({ language: 'de' })], 'gone'],
  ['was deleted', [{ ...known, status: 'DELETED' }], 'gone'],
  ['is nowhere', [], 'gone'],
])('the template at Gupshup now, one that %s', (_what, list, expected) => {
  const found = presentTemplate(known, list);
  expect(found.kind === 'same' ? `same ${found.template.id === 'new' ? 'new' : 'old'}` : found.kind).toBe(expected);
});
