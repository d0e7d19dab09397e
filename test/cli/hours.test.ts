/** The options of `campaign create` about sending hours. */
import { chooseHours } from '../../cli/hours';
import { readSettings } from '../../config/settings';

const plain = readSettings([], {});
const withHours = readSettings([], { SENDING_HOURS: '09:00-20:00', SENDING_HOLIDAYS: '2026-12-31' });

test('without options the settings decide', () => {
  expect(chooseHours({}, withHours)).toBeUndefined();
});

test('an option changes what it names, the rest stays as set', () => {
  expect(chooseHours({ days: '1-5' }, withHours)).toEqual({
    from: '09:00', to: '20:00', days: [1, 2, 3, 4, 5], holidays: ['2026-12-31'], zone: 'campaign', timezone: 'Europe/Moscow',
  }); // prettier-ignore
  expect(chooseHours({ hours: '22:00-06:00', timezone: 'Asia/Omsk', recipientHours: true }, plain)).toEqual({
    from: '22:00', to: '06:00', days: [1, 2, 3, 4, 5, 6, 7], holidays: [], zone: 'recipient', timezone: 'Asia/Omsk',
  }); // prettier-ignore
});

test('any time is a choice too', () => {
  expect(chooseHours({ hours: 'any' }, withHours)).toBe('any');
});

test('what cannot be read is refused with the value', () => {
  expect(() => chooseHours({ hours: '9-25' }, plain)).toThrow('Cannot read "9-25" as sending hours');
  expect(() => chooseHours({ days: 'mon' }, plain)).toThrow('Cannot read "mon" as days of the week');
});
