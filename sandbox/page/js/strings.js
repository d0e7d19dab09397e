// The page's own words, in the visitor's language. `?lang=ru` or `?lang=en` overrides it.

const WORDS = {
  en: {
    tabs: 'Parts of the page',
    tabChat: 'Chat',
    tabWall: 'Phones',
    reconnecting: 'Connecting to the sandbox…',
    chatLabel: 'Chat with the bot',
    messages: 'Messages',
    youAre: 'You are',
    more: 'More',
    block: 'Block the bot',
    unblock: 'Unblock the bot',
    bot: 'bot',
    online: 'bot · online',
    offline: 'bot · not listening',
    start: 'Start',
    write: 'Message',
    send: 'Send',
    attach: 'Attach a file',
    menu: 'Menu',
    commands: 'Commands',
    dropTitle: 'Drop files here',
    dropHint: 'to send them to the bot',
    newMessages: (n) => (n ? `${n} new` : 'Newest'),
    today: 'Today',
    yesterday: 'Yesterday',
    edited: 'edited',
    pinned: 'Pinned message',
    pinnedIt: 'pinned a message',
    forwarded: (name) => `Forwarded from ${name}`,
    close: 'Close',
    picture: 'Picture',
    openOriginal: 'Open original',
    copied: 'Copied',
    notFetched: 'Sent',
    fetched: 'Received by the bot',
    tooLarge: 'The file is larger than 50 MB',
    blockedNote: 'You have blocked this bot',
    emptyTitle: 'No messages here yet…',
    whatCanItDo: 'What can this bot do?',
    uploading: (name) => `Sending ${name}…`,
    failed: 'Did not work:',
    spoiler: 'Hidden text: press to show',
    wallLabel: 'Phones of the recipients',
    wallTitle: 'Recipients’ phones',
    search: 'Search by name, number or text',
    counters: 'Messages by state',
    all: 'All',
    accepted: 'Accepted',
    sent: 'Sent',
    delivered: 'Delivered',
    read: 'Read',
    failedState: 'Failed',
    total: (m, p) => `${m} WhatsApp ${m === '1' ? 'message' : 'messages'} on ${p} ${p === '1' ? 'phone' : 'phones'}`,
    wallEmpty: 'Quiet for now',
    wallEmptyHint: 'WhatsApp messages of your campaigns appear here the moment they are sent.',
    nothingFound: 'Nothing found',
    nothingFoundHint: 'Try another name, number or word.',
    shown: (n, all) => `The newest ${n} of ${all} phones are shown`,
    wallNew: (n) => `${n} new`,
    replyTo: (name) => `Reply as ${name}`,
    replyHint: 'Message',
    business: 'Business account',
    verified: 'Verified business',
    allCampaigns: 'All templates',
    template: 'Template',
    arrivedNow: 'now',
    rate: (n) => `${n}/s`,
    repliesTitle: 'Replies',
    noReplies: 'Replies will appear here.',
    openPhone: 'Open chat',
    notDelivered: (code) => (code ? `Not delivered · ${code}` : 'Not delivered'),
    copyCode: 'Copy code',
    image: 'Picture',
    video: 'Video',
    document: 'Document',
    location: 'Location',
    onTheWay: 'on the way',
    actions: { typing: 'typing', upload_document: 'sending a file', upload_photo: 'sending a picture' },
    working: 'working',
  },
  ru: {
    tabs: 'Части страницы',
    tabChat: 'Чат',
    tabWall: 'Телефоны',
    reconnecting: 'Соединяемся с песочницей…',
    chatLabel: 'Чат с ботом',
    messages: 'Сообщения',
    youAre: 'Вы —',
    more: 'Ещё',
    block: 'Заблокировать бота',
    unblock: 'Разблокировать бота',
    bot: 'бот',
    online: 'бот · на связи',
    offline: 'бот · не слушает',
    start: 'Начать',
    write: 'Сообщение',
    send: 'Отправить',
    attach: 'Прикрепить файл',
    menu: 'Меню',
    commands: 'Команды',
    dropTitle: 'Перетащите файлы сюда',
    dropHint: 'чтобы отправить их боту',
    newMessages: (n) => (n ? `${n} новых` : 'К новым'),
    today: 'Сегодня',
    yesterday: 'Вчера',
    edited: 'изменено',
    pinned: 'Закреплённое сообщение',
    pinnedIt: 'закрепил сообщение',
    forwarded: (name) => `Переслано от ${name}`,
    close: 'Закрыть',
    picture: 'Картинка',
    openOriginal: 'Открыть оригинал',
    copied: 'Скопировано',
    notFetched: 'Отправлено',
    fetched: 'Получено ботом',
    tooLarge: 'Файл больше 50 МБ',
    blockedNote: 'Вы заблокировали этого бота',
    emptyTitle: 'Здесь пока нет сообщений…',
    whatCanItDo: 'Что умеет этот бот?',
    uploading: (name) => `Отправляем ${name}…`,
    failed: 'Не получилось:',
    spoiler: 'Скрытый текст: нажмите, чтобы показать',
    wallLabel: 'Телефоны получателей',
    wallTitle: 'Телефоны получателей',
    search: 'Имя, номер или текст',
    counters: 'Сообщения по состояниям',
    all: 'Все',
    accepted: 'Приняты',
    sent: 'Отправлены',
    delivered: 'Доставлены',
    read: 'Прочитаны',
    failedState: 'Не дошли',
    total: (m, p) => `Сообщений WhatsApp: ${m}, телефонов: ${p}`,
    wallEmpty: 'Пока тихо',
    wallEmptyHint: 'Сообщения WhatsApp ваших рассылок появятся здесь, как только уйдут.',
    nothingFound: 'Ничего не нашлось',
    nothingFoundHint: 'Попробуйте другое имя, номер или слово.',
    shown: (n, all) => `Показаны последние ${n} телефонов из ${all}`,
    wallNew: (n) => `Новых: ${n}`,
    replyTo: (name) => `Ответить от имени: ${name}`,
    replyHint: 'Сообщение',
    business: 'Бизнес-аккаунт',
    verified: 'Подтверждённая компания',
    allCampaigns: 'Все шаблоны',
    template: 'Шаблон',
    arrivedNow: 'сейчас',
    rate: (n) => `${n}/с`,
    repliesTitle: 'Ответы',
    noReplies: 'Ответы появятся здесь.',
    openPhone: 'Открыть чат',
    notDelivered: (code) => (code ? `Не доставлено · ${code}` : 'Не доставлено'),
    copyCode: 'Скопировать код',
    image: 'Картинка',
    video: 'Видео',
    document: 'Документ',
    location: 'Место',
    onTheWay: 'в пути',
    actions: { typing: 'печатает', upload_document: 'отправляет файл', upload_photo: 'отправляет картинку' },
    working: 'занят',
  },
};

const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
export const language = asked.toLowerCase().startsWith('ru') ? 'ru' : 'en';
export const words = WORDS[language];

const number = new Intl.NumberFormat(language);
const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long' });
const dayAndYear = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });

export const formatNumber = (value) => number.format(value);
export const formatTime = (ms) => time.format(ms);

export function formatDay(ms) {
  const date = new Date(ms);
  const now = new Date();
  const daysAgo = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (daysAgo === 0) return words.today;
  if (daysAgo === 1) return words.yesterday;
  return (date.getFullYear() === now.getFullYear() ? day : dayAndYear).format(date);
}

export function formatSize(bytes) {
  const units = language === 'ru' ? ['Б', 'КБ', 'МБ'] : ['B', 'KB', 'MB'];
  const power = bytes < 1024 ? 0 : bytes < 1024 * 1024 ? 1 : 2;
  const value = bytes / 1024 ** power;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 }).format(value)} ${units[power]}`;
}

/** Writes the words into the static part of the page. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = words[element.dataset.text];
  for (const element of document.querySelectorAll('[data-label]'))
    element.setAttribute('aria-label', words[element.dataset.label]);
  for (const element of document.querySelectorAll('[data-placeholder]'))
    element.placeholder = words[element.dataset.placeholder];
}
