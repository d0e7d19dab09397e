/** A draft's buttons as people write them, there and back. */
import { buttonLine, readButtons } from '../../bot/screens/draft-buttons';

test.each([
  ['Хочу скидку', { type: 'QUICK_REPLY', text: 'Хочу скидку' }],
  ['Открыть https://x.example/a', { type: 'URL', text: 'Открыть', url: 'https://x.example/a' }],
  [
    'Открыть: https://x.example/{{1}} vesna',
    { type: 'URL', text: 'Открыть', url: 'https://x.example/{{1}}', sample: 'vesna' },
  ],
  ['Позвонить — +7 (495) 000-00-00', { type: 'PHONE_NUMBER', text: 'Позвонить', phone: '+74950000000' }],
  ['код: DOM20', { type: 'COPY_CODE', sample: 'DOM20' }],
])('%s', (line, button) => {
  const read = readButtons(`\n ${line} \n`);
  expect(read).toEqual([button]);
  expect(readButtons(read.map(buttonLine).join('\n'))).toEqual(read);
});
