/** Saved lists: all of them, one with its first people, and a new name for it. */
import { MAX_LIST_NAME, type SavedList } from '../../campaigns/saved-lists';
import { buttonData } from '../../clients/telegram-buttons';
import { done } from '../../config/errors';
import type { Person } from '../../domain/audience';
import { shownOf } from '../../domain/reading/cell';
import type { ListDocument } from '../../store/documents';
import type { StepAt } from '../conversation/steps';
import { refuse, type StepScreen } from '../conversation/talk';
import { listRows, type Button, type Screen } from '../screen';
import { Html, shorten, type Texts } from '../texts';

const PAGE_SIZE = 8;
/** Of a list so many people are shown. */
export const SHOWN_PEOPLE = 5;
const SHOWN_COLUMNS = 12;
const SHOWN_CELLS = 3;
const CELL_CHARACTERS = 30;

type ListAction = 'open' | 'use' | 'file' | 'rename' | 'delete' | 'delete!' | 'page';

function listButton(
  action: ListAction,
  argument: string | number,
  { text, texts, style }: { text?: string; texts: Texts; style?: Button['style'] },
): Button {
  return {
    text: text ?? texts.plain(`lists.buttons.${action}`),
    data: buttonData('lists', action, argument),
    ...(style && { style }),
  };
}

export function renderLists(lists: readonly ListDocument[], wanted: number, texts: Texts): Screen {
  return {
    html: texts.html(lists.length > 0 ? 'lists.title' : 'lists.none', { count: lists.length }),
    keyboard: [
      ...listRows(
        lists,
        [wanted, PAGE_SIZE],
        ({ _id, name, count }) =>
          listButton('open', _id, {
            text: texts.plain('audience.listLabel', { name: shorten(name, 40), count }),
            texts,
          }),
        (page) => buttonData('lists', 'page', page),
      ),
    ],
  };
}

export function renderList({ list, first }: SavedList, by: string, texts: Texts): Screen {
  const { _id: id, name, count, columns, phoneColumn, createdAt } = list;
  const others = columns.filter((column) => column !== phoneColumn).map((column) => shorten(column, CELL_CHARACTERS));
  const more = others.length > SHOWN_COLUMNS ? ['…'] : [];
  const people = first.map((person) => personLine(person, list, texts));
  return {
    html: [
      texts.html('lists.head', { name }),
      [
        texts.html('lists.count', { count }),
        texts.html('lists.made', { at: texts.shortTime(createdAt), by }),
        texts.html('lists.phones', { column: phoneColumn }),
        ...(others.length > 0
          ? [texts.html('lists.columns', { columns: [...others.slice(0, SHOWN_COLUMNS), ...more].join(', ') })]
          : []),
      ].join('\n'),
      ...(people.length > 0 ? [texts.html('lists.first', { people: new Html(people.join('\n')) })] : []),
    ].join('\n\n'),
    keyboard: [
      [listButton('use', id, { texts, style: 'success' })],
      [listButton('rename', id, { texts }), listButton('file', id, { texts })],
      [listButton('delete', id, { texts, style: 'danger' })],
      [listButton('page', 0, { texts })],
    ],
  };
}

/** A person as the list has them: the phones as written, and the first cells that hold something. */
function personLine({ phones, columns, numbers = [] }: Person, list: ListDocument, texts: Texts): string {
  const phone = numbers[0]?.e164 ?? phones[0] ?? '—';
  const cells = list.columns
    .filter((column) => column !== list.phoneColumn)
    .map((column) =>
      shownOf(columns[column] ?? '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((cell) => cell !== '')
    .slice(0, SHOWN_CELLS);
  return texts.html('lists.person', {
    phone: shorten(phone, CELL_CHARACTERS),
    cells: cells.map((cell) => ` · ${shorten(cell, CELL_CHARACTERS)}`).join(''),
  });
}

/** Before a list is gone for good. */
export function renderListSure({ _id: id, name, count }: ListDocument, texts: Texts): Screen {
  return {
    html: texts.html('lists.sure', { name, count }),
    keyboard: [
      [
        listButton('delete!', id, { texts, style: 'danger' }),
        listButton('open', id, { text: texts.plain('buttons.no'), texts }),
      ],
    ],
  };
}

export const listNameScreen: StepScreen<StepAt<'listName'>> = {
  show: async ({ name }, _talk, view) =>
    done({
      screen: {
        html: view.texts.html('lists.question', { name, limit: MAX_LIST_NAME }),
        keyboard: [[view.button('cancel')]],
      },
    }),
  text: async ({ listId }, typed, { services, actor, texts }) => {
    const renamed = await services.lists.rename(listId, typed, actor);
    return renamed.ok
      ? { kind: 'close', html: texts.html('lists.renamed', { name: renamed.value.name }) }
      : refuse(renamed);
  },
};
