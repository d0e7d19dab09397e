/** The demo templates, one of each kind and state, as data; every app has them under ids of its own. `template-rows.ts` writes them as Gupshup's rows. */
import type { Template } from '../../domain/templates/template';

export interface DemoTemplate extends Template {
  /** An example value of each parameter, in order. */
  examples: string[];
  /** The form of `containerMeta`: as documented, missing, or text that is not JSON. */
  containerMeta?: 'absent' | 'broken';
}

const base = { quality: 'GREEN', status: 'APPROVED' as const, buttons: [], examples: [] };
const text = { ...base, type: 'TEXT' };

export const DEMO_TEMPLATES: readonly DemoTemplate[] = [
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1001',
    name: 'spring_sale',
    language: 'ru',
    category: 'MARKETING',
    header: { type: 'TEXT', text: 'Весенняя распродажа' },
    body: 'Здравствуйте, {{1}}! Только до {{2}} скидка {{3}} на кухни и шкафы. Замер и проект бесплатно. Ждём вас!',
    footer: 'Ответьте СТОП, чтобы не получать рассылку',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Хочу скидку' },
      { type: 'QUICK_REPLY', text: 'Не интересно' },
    ],
    examples: ['Анна', '31 мая', '20 %'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1002',
    name: 'spring_sale',
    language: 'en',
    category: 'MARKETING',
    header: { type: 'TEXT', text: 'Spring sale' },
    body: 'Hello {{1}}! Until {{2}} all kitchens and wardrobes are {{3}} off. Measuring and design are free.',
    footer: 'Reply STOP to opt out',
    buttons: [
      { type: 'QUICK_REPLY', text: 'I want it' },
      { type: 'QUICK_REPLY', text: 'Not interested' },
    ],
    examples: ['Anna', '31 May', '20%'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1003',
    name: 'order_ready',
    language: 'ru',
    category: 'UTILITY',
    body: 'Здравствуйте, {{1}}! Ваш заказ № {{2}} готов. Позвоним, чтобы договориться о доставке.',
    examples: ['Анна', '1042'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1004',
    name: 'showroom_invitation',
    language: 'ru',
    category: 'MARKETING',
    body: 'Приглашаем в новый шоурум на Лесной, 5. Каждый день с 10 до 20, кофе с нас.',
    buttons: [{ type: 'PHONE_NUMBER', text: 'Позвонить', phoneNumber: '+74950000000' }],
  },
  {
    ...base,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1005',
    name: 'new_catalog',
    language: 'ru',
    category: 'MARKETING',
    type: 'IMAGE',
    header: { type: 'IMAGE', exampleUrl: 'https://svetly-dom.example/catalog.jpg' },
    body: 'Добрый день, {{1}}! Вышел новый каталог кухонь. Посмотрите, что появилось.',
    footer: 'Светлый дом',
    buttons: [
      { type: 'URL', text: 'Открыть каталог', url: 'https://svetly-dom.example/c/{{1}}' },
      { type: 'QUICK_REPLY', text: 'Больше не присылать' },
    ],
    examples: ['Анна', 'spring?u=17'],
  },
  {
    ...base,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1006',
    name: 'contract_document',
    language: 'ru',
    category: 'UTILITY',
    type: 'DOCUMENT',
    header: { type: 'DOCUMENT', exampleUrl: 'https://svetly-dom.example/contract.pdf' },
    body: 'Здравствуйте, {{1}}! Во вложении договор № {{2}}. Проверьте, пожалуйста, и ответьте на это сообщение.',
    examples: ['Анна', '77-К'],
  },
  {
    ...base,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1007',
    name: 'video_tour',
    language: 'en',
    category: 'MARKETING',
    type: 'VIDEO',
    quality: 'YELLOW',
    header: { type: 'VIDEO', exampleUrl: 'https://svetly-dom.example/tour.mp4' },
    body: 'Hi {{1}}, take a one-minute walk through our showroom.',
    buttons: [{ type: 'URL', text: 'Book a visit', url: 'https://svetly-dom.example/visit' }],
    examples: ['Anna'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1008',
    name: 'promo_code',
    language: 'ru',
    category: 'MARKETING',
    body: 'Дарим промокод на доставку, {{1}}. Он действует до конца недели.',
    buttons: [{ type: 'COPY_CODE', text: 'Copy offer code' }],
    examples: ['Анна', 'DOM2026'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1009',
    name: 'login_code',
    language: 'ru',
    category: 'AUTHENTICATION',
    body: '{{1}} — ваш код подтверждения.',
    buttons: [{ type: 'OTP', text: 'Скопировать код' }],
    examples: ['482913'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1010',
    name: 'visit_reminder',
    language: 'ru',
    category: 'UTILITY',
    body: 'Напоминаем, {{1}}: замер назначен на {{2}}. Всё в силе?',
    buttons: [
      { type: 'QUICK_REPLY', text: 'Подтверждаю' },
      { type: 'QUICK_REPLY', text: 'Перенести' },
    ],
    containerMeta: 'absent',
    examples: ['Анна', 'четверг, 10:00'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1011',
    name: 'delivery_update',
    language: 'en',
    category: 'UTILITY',
    body: 'Your delivery {{1}} will arrive on {{2}} before noon.',
    containerMeta: 'broken',
    examples: ['1042', 'Friday'],
  },
  {
    ...base,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1012',
    name: 'store_location',
    language: 'en',
    category: 'UTILITY',
    type: 'LOCATION',
    header: { type: 'LOCATION' },
    body: 'Here is where to find us, {{1}}. We are open every day.',
    examples: ['Anna'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1013',
    name: 'feedback_request',
    language: 'ru',
    category: 'UTILITY',
    status: 'PENDING',
    quality: 'UNKNOWN',
    body: 'Спасибо за заказ, {{1}}! Оцените нашу работу от 1 до 5.',
    examples: ['Анна'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1014',
    name: 'loan_offer',
    language: 'ru',
    category: 'MARKETING',
    status: 'REJECTED',
    quality: 'UNKNOWN',
    reason: 'INVALID_FORMAT: variables may not stand next to each other',
    body: 'Рассрочка для вас, {{1}} {{2}}: без процентов на год.',
    examples: ['Анна', 'Иванова'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1015',
    name: 'winter_sale',
    language: 'ru',
    category: 'MARKETING',
    status: 'PAUSED',
    quality: 'RED',
    body: 'Зимняя распродажа началась, {{1}}! Скидки до 40 % на детские.',
    examples: ['Анна'],
  },
  {
    ...text,
    id: '0b54a1d2-3c6e-4f0a-9d53-6a1c2e7f1016',
    name: 'old_promo',
    language: 'ru',
    category: 'MARKETING',
    status: 'DISABLED',
    quality: 'RED',
    body: 'Последние дни старых цен, {{1}}. Успейте заказать.',
    examples: ['Анна'],
  },
];

/** Those of the app at this place: in Gupshup each app has its own copy of a template, with its own id. */
export function templatesOfApp(index: number): readonly DemoTemplate[] {
  if (index === 0) return DEMO_TEMPLATES;
  return DEMO_TEMPLATES.map((template) => ({ ...template, id: `${index}${template.id.slice(1)}` }));
}
