/** The demo company's fixed part: account, users, pipelines with their stages, custom fields, tags. */
import type { CustomField, Pipeline, Tag, User } from './model';

export const ACCOUNT_ID = 31_400_277;
export const COMPANY_NAME = 'Светлый дом';
export const WON = 142;
export const LOST = 143;

export const USERS: User[] = [
  { id: 9_510_001, name: 'Мария Ковалёва', email: 'm.kovaleva@svetly-dom.example', is_admin: true },
  { id: 9_510_002, name: 'Олег Сафронов', email: 'o.safronov@svetly-dom.example', is_admin: false },
  { id: 9_510_003, name: 'Дина Ахметова', email: 'd.ahmetova@svetly-dom.example', is_admin: false },
];

/** Stages between «Неразобранное» and the two closing ones, which every pipeline has: name and colour. */
const STAGES: { id: number; name: string; stages: [name: string, color: string][] }[] = [
  {
    id: 7_041_001,
    name: 'Продажи',
    stages: [
      ['Первичный контакт', '#98cbff'],
      ['База для рассылки', '#deff81'],
      ['Замер назначен', '#fff000'],
      ['Принимают решение', '#ffce5a'],
      ['Договор и предоплата', '#87f2c0'],
    ],
  },
  {
    id: 7_041_002,
    name: 'Повторные продажи',
    stages: [
      ['Купили раньше', '#c1e0ff'],
      ['Предложение отправлено', '#fffd7f'],
      ['Ждёт звонка', '#f3beff'],
    ],
  },
  {
    id: 7_041_003,
    name: 'Сервис',
    stages: [
      ['Новое обращение', '#ff8f92'],
      ['Мастер назначен', '#ffdc7f'],
      ['Ждём запчасть', '#ccc8f9'],
    ],
  },
];

export const PIPELINES: Pipeline[] = STAGES.map(({ id, name, stages }, index) => {
  const status = (statusId: number, statusName: string, sort: number, color: string, type: 0 | 1, editable: boolean) => ({
    id: statusId, name: statusName, sort, is_editable: editable, pipeline_id: id, color, type, account_id: ACCOUNT_ID,
  }); // prettier-ignore
  const first = 58_200_001 + index * 100;
  return {
    id,
    name,
    sort: index + 1,
    is_main: index === 0,
    is_unsorted_on: true,
    is_archive: false,
    account_id: ACCOUNT_ID,
    statuses: [
      status(first, 'Неразобранное', 10, '#c1c1c1', 1, false),
      ...stages.map(([stage, color], n) => status(first + n + 1, stage, 20 + n * 10, color, 0, true)),
      // The same two ids in every pipeline (amocrm.md#pipelines).
      status(WON, 'Успешно реализовано', 10_000, '#CCFF66', 0, false),
      status(LOST, 'Закрыто и не реализовано', 11_000, '#D5D8DB', 0, false),
    ],
  };
});

/** The stage made for campaigns: a few hundred leads, and every trouble one meets in life. */
export const DEMO_STAGE = {
  pipelineId: 7_041_001,
  pipelineName: 'Продажи',
  statusId: 58_200_003,
  statusName: 'База для рассылки',
} as const;

const PHONE_CODES = ['WORK', 'WORKDD', 'MOB', 'FAX', 'HOME', 'OTHER'];
export const CITIES = ['Москва', 'Казань', 'Самара', 'Екатеринбург', 'Новосибирск', 'Пермь', 'Тюмень', 'Сочи'];
const SOURCES = ['Сайт', 'Звонок', 'Рекомендация', 'Выставка', 'Соцсети'];

const enums = (values: string[], first: number) =>
  values.map((value, n) => ({ id: first + n * 2, value, sort: n + 1 }));
const field = (
  entity_type: CustomField['entity_type'], id: number, name: string, type: string, code: string | null,
  values: CustomField['enums'] = null,
): CustomField => ({ id, name, type, code, sort: id % 100, entity_type, enums: values, is_predefined: code !== null }); // prettier-ignore

export const CUSTOM_FIELDS = {
  city: field('leads', 610_201, 'Город', 'select', null, enums(CITIES, 710_001)),
  source: field('leads', 610_203, 'Источник', 'select', null, enums(SOURCES, 710_101)),
  comment: field('leads', 610_205, 'Комментарий', 'textarea', null),
  visit: field('leads', 610_207, 'Дата замера', 'date', null),
  phone: field('contacts', 610_301, 'Телефон', 'multitext', 'PHONE', enums(PHONE_CODES, 710_301)),
  email: field('contacts', 610_303, 'Email', 'multitext', 'EMAIL', enums(['WORK', 'PRIV', 'OTHER'], 710_401)),
  position: field('contacts', 610_305, 'Должность', 'text', 'POSITION'),
};

export const LEAD_TAGS: Tag[] = [
  { id: 801_001, name: 'whatsapp', color: null },
  { id: 801_002, name: 'кухня', color: 'FFDBDB' },
  { id: 801_003, name: 'шкаф', color: 'D6EAFF' },
  { id: 801_004, name: 'срочно', color: 'FF8F92' },
  { id: 801_005, name: 'выставка', color: null },
];

export const CONTACT_TAGS: Tag[] = [
  { id: 802_001, name: 'дизайнер', color: null },
  { id: 802_002, name: 'VIP', color: 'FFF000' },
];
