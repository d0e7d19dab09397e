/** What was written back to the CRM stands in the report, as text and as a message. */
import { buildReport } from '../../report/build';
import { renderMessage } from '../../report/message';
import { renderText } from '../../report/text';
import { startStore, type TestStore } from '../store/support';
import { storeSample } from './sample';

let own: TestStore;
beforeAll(async () => {
  own = await startStore();
  await storeSample(own.store);
});
afterAll(() => own.close());

async function report() {
  const built = await buildReport(own.store, 'autumn');
  if (!built.ok) throw new Error(built.refusal.code);
  return built.value;
}
const ru = { language: 'ru' as const, timezone: 'Europe/Moscow' };
const en = { language: 'en' as const, timezone: 'Europe/Moscow' };

test('nothing is said where nothing was ordered', async () => {
  expect(renderMessage(await report(), ru)).not.toContain('amoCRM');
  expect(renderText(await report(), en)).not.toContain('amoCRM');
});

test('each kind has its line with what was refused and what was left', async () => {
  const { writeBacks } = own.store;
  await writeBacks.order('autumn', { note: true, move: { pipelineId: 1, statusId: 2 } }, { kind: 'cli' }, new Date());
  await writeBacks.mark('autumn', 'note', [
    { leadId: 1, state: 'written' },
    { leadId: 2, state: 'written' },
    { leadId: 3, state: 'refused', detail: 'gone' },
    { leadId: 4, state: 'begun' },
  ]);
  await writeBacks.mark('autumn', 'move', [
    { leadId: 1, state: 'written' },
    { leadId: 2, state: 'left' },
  ]);
  expect(renderText(await report(), en)).toContain(
    [
      'Being written to amoCRM',
      '  moved to another stage: 1, left as is, already moved by someone else: 1',
      '  notes: 2, refused: 1',
    ].join('\n'),
  );
  await writeBacks.ended('autumn', new Date());
  expect(renderMessage(await report(), ru)).toContain(
    [
      '<b>Записано в amoCRM</b>',
      '• переведено на другой этап: 1, не тронуто, уже переведено кем-то другим: 1',
      '• примечания: 2, отказано: 1',
    ].join('\n'),
  );
});
