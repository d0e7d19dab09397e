/** An uploaded file can be understood in several ways: an admin says which column holds the phones. */
import type { FileChoice } from '../../audience/file';
import { done } from '../../config/errors';
import { listsOf } from '../chosen-audience';
import type { ImportedFile } from '../import-file';
import { pageOf, pagerRow, type Screen } from '../screen';
import type { StepAt } from '../steps';
import { go, refuse, stale, type Move, type StepScreen, type Talk, type View } from '../talk';
import { shorten } from '../texts';
import { takesFile } from './audience';
import { readFile } from './people';

type ChoiceStep = StepAt<'tableChoice'>;

const PAGE_SIZE = 8;

export const tableChoiceScreen: StepScreen<ChoiceStep> = {
  show: async (step, _talk, view) => done({ screen: renderColumns(step, view) }),
  press: async (step, action, argument, talk) => {
    if (action === 'page') return go({ ...step, page: Number(argument) }, talk.draft);
    const column = action === 'pick' ? columnsOf(step.file)[Number(argument)] : undefined;
    return column ? understoodAs(step.file, { phoneColumn: column.name }, talk) : stale;
  },
  file: takesFile,
};

/** The file read once more, with what was said of it; what it was taken for before is no list of anybody's. */
async function understoodAs(file: ImportedFile, choice: FileChoice, talk: Talk): Promise<Move> {
  const { fileId, name, listId } = file;
  if (fileId === undefined) return stale;
  const read = await readFile({ fileId, name }, talk, { ...file.choice, ...choice });
  if (!read.ok) return refuse(read);
  if (!listsOf(talk.draft.audience).includes(listId)) await talk.services.audience.drop(listId);
  return go({ at: 'table', file: read.value }, talk.draft);
}

/** Those with phones first. */
function columnsOf({
  columns,
  phoneColumns,
  understood,
}: ImportedFile): { name: string; example: string; rows?: number }[] {
  const withPhones = understood.otherColumns.map(({ name, rows }) => ({ name, rows }));
  const others = columns.filter(({ name }) => !phoneColumns.includes(name));
  const isNamed = (name: string): boolean => withPhones.some((one) => one.name === name);
  return [
    ...withPhones.map(({ name, rows }) => ({
      name,
      rows,
      example: others.find((one) => one.name === name)?.example ?? '',
    })),
    ...columns.filter(({ name }) => !isNamed(name)),
  ];
}

function renderColumns({ file, page: number }: ChoiceStep, view: View): Screen {
  const { texts } = view;
  const columns = columnsOf(file);
  const page = pageOf(columns, number, PAGE_SIZE);
  return {
    html: texts.html('table.whichColumn', { name: shorten(file.name, 60), looked: file.understood.looked }),
    keyboard: [
      ...page.items.map(({ name, example, rows }, index) => [
        view.button('pick', {
          text: [
            `${rows === undefined ? '' : '📱 '}${shorten(name, 28)}${example && `: ${shorten(example, 20)}`}`,
            ...(rows === undefined ? [] : [texts.plain('table.rowsWithPhone', { count: rows })]),
          ].join(' · '),
          argument: page.page * PAGE_SIZE + index,
        }),
      ]),
      ...pagerRow(page, (to) => view.data('page', to)),
      view.footer(),
    ],
  };
}
