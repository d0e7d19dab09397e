/** Opening an audience: whoever the source names, in a stable order. */
import { openAudience, type AudienceServices } from '../../audience/sources';
import type { AudienceSource, Person } from '../../domain/audience';

async function* one(origin: string): AsyncGenerator<Person> {
  yield { phones: [], columns: {}, origin };
}
const services: AudienceServices = {
  crm: { people: (pipelineId, statusId) => one(`stage ${pipelineId}:${statusId}`) },
  lists: { rows: (listId) => one(`list ${listId}`) },
  deliveries: {
    stream: () => {
      throw new Error('no deliveries here');
    },
  },
};
async function origins(source: AudienceSource): Promise<string[]> {
  const found: string[] = [];
  for await (const { origin } of openAudience(source, services)) found.push(origin);
  return found;
}

test('a stage comes from the CRM, a list from the lists', async () => {
  await expect(origins({ kind: 'crm', pipelineId: 7, statusId: 142 })).resolves.toEqual(['stage 7:142']);
  await expect(origins({ kind: 'list', listId: 'l1' })).resolves.toEqual(['list l1']);
});

test('phones typed in are people without columns, numbered as they stand', async () => {
  const people: Person[] = [];
  for await (const person of openAudience({ kind: 'phones', phones: ['8900', ''] }, services)) people.push(person);
  expect(people).toEqual([
    { phones: ['8900'], columns: {}, origin: '1' },
    { phones: [''], columns: {}, origin: '2' },
  ]);
});
