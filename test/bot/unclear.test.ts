/** A column's dates or sums that can be read in two ways: the preview asks, one press answers for the whole column. */
import { done } from '../../config/errors';
import type { CampaignDraft, Preflight } from '../../campaigns/contract';
import type { ParameterSource } from '../../domain/audience';
import type { Message } from '../../sandbox/telegram/types';
import { waitFor } from '../support/servers';
import { buttonsOf, startWorld, type World } from './support';

let world: World;

beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const READINGS = {
  money: { given: '1.234', readings: [{ hint: 'dot', value: '1,23 ₽' }, { hint: 'comma', value: '1 234 ₽' }] },
  date: { given: '03/04/2026', readings: [{ hint: 'day_first', value: '3 апреля 2026 г.' }, { hint: 'month_first', value: '4 марта 2026 г.' }] },
} as const; // prettier-ignore

/** What the campaigns' own preflight says of a transform that lacks a hint. */
function asked({ parameters }: CampaignDraft): NonNullable<Preflight['unclear']> {
  return parameters.flatMap((source, index) => {
    const [transform] = source.kind === 'column' ? (source.transform ?? []) : [];
    if (source.kind !== 'column' || (transform?.name !== 'money' && transform?.name !== 'date')) return [];
    if ('decimal' in transform || 'order' in transform) return [];
    const { given, readings } = READINGS[transform.name];
    return [{ position: index + 1, column: source.column, given, readings: [...readings], count: 3 }];
  });
}

async function untilPreview({ admin, services }: World): Promise<CampaignDraft[]> {
  const { preflight } = services.campaigns;
  const drafts: CampaignDraft[] = [];
  services.campaigns.preflight = async (draft) => {
    drafts.push(draft);
    const checked = await preflight(draft);
    const unclear = asked(draft);
    if (!checked.ok || unclear.length === 0) return checked;
    const blocking = unclear.map(({ position, column, given, readings, count }) => ({
      code: 'value_unclear' as const,
      values: { position, column, value: given, first: readings[0]!.value, second: readings[1]!.value, count },
    }));
    return done({ ...checked.value, unclear, blocking });
  };
  await admin.write('/new');
  await admin.sees('Какой шаблон');
  await admin.press('welcome');
  await admin.sees('Кому отправить?');
  await admin.upload(
    'sums.csv',
    'Телефон;Сумма;Дата\n89001112233;15 000,50;13.04.2026\n89001112244;1.234;03/04/2026\n',
  );
  await admin.sees('sums.csv');
  await admin.press('Всё верно');
  await admin.sees('Параметр 1 из 2');
  await admin.press('Сумма →');
  await admin.sees('Параметр 2 из 2');
  await admin.press('Дата →');
  await admin.sees('Название рассылки?');
  await admin.write('Долги');
  return drafts;
}

/** The preview once one of the two questions has been answered. */
const untilOneIsOpen = ({ admin }: World): Promise<Message> =>
  waitFor(
    async () => {
      const last = (await admin.messages()).at(-1);
      return last && buttonsOf(last).filter((text) => text.includes('→')).length === 2 ? last : undefined;
    },
    { what: 'the preview with one question' },
  );

const shown = (button: string): string => button.replace(/[\u00a0\u202f]/g, ' ');
const transformOf = (source: ParameterSource | undefined): unknown => source?.kind === 'column' && source.transform;

it('offers each reading in a row of its own, blocks until all are answered, and keeps both answers', async () => {
  const { admin } = world;
  const drafts = await untilPreview(world);
  const first = await admin.sees('Исправьте перед запуском');
  expect(first.text).toContain('людей с таким значением: 3');
  const rows = first.reply_markup && 'inline_keyboard' in first.reply_markup ? first.reply_markup.inline_keyboard : [];
  expect(rows.slice(0, 4).map((row) => row.map(({ text }) => shown(text)))).toEqual([
    ['1.234 → 1,23 ₽'],
    ['1.234 → 1 234 ₽'],
    ['03/04/2026 → 3 апреля 2026 г.'],
    ['03/04/2026 → 4 марта 2026 г.'],
  ]);
  expect(buttonsOf(first)).not.toContain('🕒 Следующий запуск: когда отправить');
  await world.restartBot();
  await admin.press('→ 1 234 ₽');
  const second = await untilOneIsOpen(world);
  expect(second.text).toContain('Параметр 2: «03/04/2026»');
  await admin.press('→ 3 апреля');
  await admin.sees('Займёт около');
  const { parameters } = drafts.at(-1)!;
  expect(transformOf(parameters[0])).toEqual([{ name: 'money', currency: 'RUB', decimal: 'comma' }]);
  expect(transformOf(parameters[1])).toEqual([{ name: 'date', order: 'day_first' }]);
  await admin.press('Дальше');
  await admin.sees('Когда отправить?');
});

it('a second press on a reading that was answered changes nothing', async () => {
  const { admin } = world;
  const drafts = await untilPreview(world);
  await admin.sees('Исправьте перед запуском');
  await admin.pressTwice('→ 1,23 ₽');
  await untilOneIsOpen(world);
  expect(drafts).toHaveLength(2);
  expect(transformOf(drafts.at(-1)!.parameters[0])).toMatchObject([{ name: 'money', decimal: 'dot' }]);
});
