/** Finds a person's name in the columns used by amoCRM, 1C, Google, Outlook, hh and ad forms. */
import { LRUCache } from 'lru-cache';
import type { Person } from '../domain/audience';
import { shownOf } from '../domain/reading/cell';
import { namesAnother, wordsOf } from './header-words';

/** Full names, most reliable first. */
const FULL = [
  'full name',
  'fullname',
  'полное имя',
  'полное имя контакта',
  'контакт полное имя',
  'полное имя клиента',
  'фио',
  'fio',
  'ф и о',
  'фио клиента',
  'фио контакта',
  'фамилия имя отчество',
  'фамилия имя',
  'имя фамилия',
  'имя и фамилия',
  'фамилия и имя',
  'display name',
  'contact name',
  'customer name',
  'client name',
  'user name',
  'person name',
  'lead full name',
  'основной контакт',
  'имя контакта',
  'имя клиента',
  'контактное лицо',
  'contact person',
  'соискатель',
  'кандидат',
  'фио соискателя',
  'фио кандидата',
  'имя соискателя',
  'имя кандидата',
  'shipping name',
  'billing name',
  'nome completo',
  'nombre completo',
];
const FIRST = [
  'first name',
  'firstname',
  'given name',
  'givenname',
  'имя',
  'vorname',
  'nombre',
  'nombres',
  'nome',
  'prénom',
  'imię',
];
const MIDDLE = ['middle name', 'отчество', 'additional name', 'patronymic'];
const LAST = [
  'last name',
  'lastname',
  'surname',
  'family name',
  'familyname',
  'фамилия',
  'nachname',
  'apellido',
  'apellidos',
  'sobrenome',
  'nazwisko',
];
/** Often a person, sometimes a title or a company. */
const PERHAPS = [
  'name',
  'ваше имя',
  'your name',
  'как вас зовут',
  'как к вам обращаться',
  'клиент',
  'client',
  'customer',
  'контакт',
  'contact',
  'имя получателя',
  'получатель',
  'recipient',
  'recipient name',
  'покупатель',
  'заказчик',
  'абонент',
  'участник',
  'гость',
  'пациент',
  'ученик',
  'подписчик',
  'пользователь',
  'наименование',
  'контрагент',
  'имя пользователя',
  'название',
];

type Namer = (columns: Person['columns']) => string;

/** The person's name; undefined when no column gives it. Never the name of their manager. */
export function nameOf({ columns }: Pick<Person, 'columns'>): string | undefined {
  return namerOf(Object.keys(columns))(columns) || undefined;
}

/** All rows of a file have the same columns, and a campaign has few files. */
const known = new LRUCache<string, Namer>({ max: 50 });

function namerOf(columns: readonly string[]): Namer {
  const key = columns.join('\n');
  const made = known.get(key) ?? makeNamer(columns);
  known.set(key, made);
  return made;
}

function makeNamer(columns: readonly string[]): Namer {
  const byWords = new Map<string, string>();
  for (const column of columns) {
    const words = wordsOf(column);
    const text = words.join(' ');
    if (!namesAnother(words) && !byWords.has(text)) byWords.set(text, column);
  }
  const among = (names: readonly string[]): string[] => names.flatMap((name) => byWords.get(name) ?? []);
  const full = among(FULL);
  const [first, middle, last] = [FIRST, MIDDLE, LAST].map((names) => among(names)[0]);
  // "Имя" and "Фамилия" side by side form one name; "name" beside them is the full name.
  const parts = [first, middle, last].filter((column) => column !== undefined);
  const perhaps = among(PERHAPS);
  const whole = perhaps.filter((column) => /^name$/i.test(column.trim()));
  const rest = perhaps.filter((column) => !whole.includes(column));
  return (row) =>
    firstOf([...full, ...whole], row) || parts.flatMap((column) => nameIn(row, column)).join(' ') || firstOf(rest, row);
}

function firstOf(columns: readonly string[], row: Person['columns']): string {
  return columns.flatMap((column) => nameIn(row, column))[0] ?? '';
}

/** Needs letters, and at least as many letters as digits: a contact's name may be a number. */
function nameIn(row: Person['columns'], column: string): [string] | [] {
  const value = shownOf(row[column] ?? '').trim();
  const digits = value.match(/\d/g)?.length ?? 0;
  const letters = value.match(/\p{L}/gu)?.length ?? 0;
  return letters > 0 && digits < 7 ? [value] : [];
}
