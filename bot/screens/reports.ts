/** Reports: which one is wanted, the files of one, and what to do after it. Pure: a subject in, buttons out. */
import type { CampaignStatus } from '../../campaigns/contract';
import { buttonData } from '../../clients/telegram-buttons';
import { outcomesOf, outcomeSource, type OutcomeName } from '../../domain/audience';
import { adviceFor } from '../../domain/failure-advice';
import { hasEnded } from '../../domain/story/campaign';
import { listRows, pagerRow, rowsOf, type Button, type Screen } from '../screen';
import {
  REPORT_FILES,
  REPORT_SPANS,
  type ReportFile,
  type ReportSpan,
  type ReportSubject,
  type SaidAnswer,
} from '../services/report';
import { shorten, type Texts } from '../texts';
import { campaignButton } from './campaigns';

const PAGE_SIZE = 8;

/** The part of a button's data that names the subject. */
function subjectKey(subject: ReportSubject): string {
  if ('campaign' in subject) return `c-${subject.campaign}`;
  return 'span' in subject ? `d-${subject.span}` : `t-${subject.template}`;
}

/** Undefined for a key that this version did not make. */
export function subjectOf(key: string): ReportSubject | undefined {
  const [kind, id] = [key.slice(0, 2), key.slice(2)];
  if (kind === 'c-' && id !== '') return { campaign: id };
  if (kind === 't-' && id !== '') return { template: id };
  const span = REPORT_SPANS.find((one: ReportSpan) => one === id);
  return kind === 'd-' && span ? { span } : undefined;
}

/** Days, or a template. */
export function renderReportChoice(texts: Texts): Screen {
  const spans = REPORT_SPANS.map((span) => ({
    text: texts.plain(`reports.spans.${span}`),
    data: buttonData('report', subjectKey({ span }), 'show'),
  }));
  return {
    html: texts.html('reports.question'),
    keyboard: [
      ...rowsOf(spans, 2),
      [{ text: texts.plain('reports.byTemplate'), data: buttonData('report', '0', 'templates') }],
      [{ text: texts.plain('reports.byCampaign'), data: buttonData('menu', 'campaigns') }],
    ],
  };
}

export function renderReportTemplates(
  templates: readonly { key: string; name: string }[],
  page: number,
  texts: Texts,
): Screen {
  return {
    html: texts.html(templates.length > 0 ? 'reports.whichTemplate' : 'reports.noTemplate'),
    keyboard: [
      ...listRows(
        templates,
        [page, PAGE_SIZE],
        ({ key, name }) => ({
          text: shorten(name, 50),
          data: buttonData('report', subjectKey({ template: key }), 'show'),
        }),
        (to) => buttonData('report', to, 'templates'),
      ),
      [{ text: texts.plain('reports.others'), data: buttonData('menu', 'reports') }],
    ],
  };
}

/** The buttons below a report; `status` where it is of one campaign. */
export function reportKeyboard(subject: ReportSubject, status: CampaignStatus | undefined, texts: Texts): Button[][] {
  // The answers come into the chat, to be read and forwarded there, and from there as a file.
  const file = (kind: ReportFile): Button => ({
    text: texts.plain(`reports.files.${kind}`),
    data:
      kind === 'answers'
        ? buttonData('report', subjectKey(subject), 'said', 0)
        : buttonData('report', subjectKey(subject), kind),
  });
  const files = REPORT_FILES.filter((kind) => {
    if (kind === 'answers') return status !== undefined;
    return kind !== 'failed' || !status || status.ledger.failed > 0;
  });
  return [
    ...rowsOf(files.map(file), 2),
    ...(status && hasEnded(status.state) ? afterReport(status, texts) : []),
    [
      status
        ? campaignButton(status.id, 'panel', texts.plain('buttons.openCampaign'))
        : { text: texts.plain('reports.others'), data: buttonData('menu', 'reports') },
    ],
  ];
}

/** Whom a report suggests to write to again; those who have it already are not among them. */
const retargeted = (status: CampaignStatus): OutcomeName[] => outcomesOf(status).filter((name) => name !== 'reached');

/** What can be done about the outcome of a campaign that has ended: buttons for nobody are left out. */
function afterReport(status: CampaignStatus, texts: Texts): Button[][] {
  const { id, ledger } = status;
  const button = (action: string, text: string, ...more: string[]): Button => ({
    text,
    data: buttonData('report', subjectKey({ campaign: id }), action, ...more),
  });
  const outcomes = retargeted(status).flatMap((name) => {
    const count = peopleOf(name, status);
    return count === 0 ? [] : [button('to', texts.plain(`reports.to.${name}`, { count: count ?? '' }).trim(), name)];
  });
  const dead = deadCount(status);
  return [
    ...(ledger.failed > 0
      ? [[campaignButton(id, 'retry', texts.plain('retry.retryButton', { count: ledger.failed }))]]
      : []),
    ...rowsOf(outcomes, 1),
    ...(dead > 0 ? [[button('dead', texts.plain('reports.dead', { count: dead }))]] : []),
    ...(status.hasLeads ? [[campaignButton(id, 'writeBack', texts.plain('buttons.writeBackCampaign'))]] : []),
    [button('copy', texts.plain('reports.copy'))],
  ];
}

/** How many it is, as far as the ledger tells: it knows nothing of replies and clicks. */
function peopleOf(name: OutcomeName, { ledger, failures }: CampaignStatus): number | undefined {
  const { states, families } = outcomeSource('', name);
  const most = states.reduce((sum, state) => sum + ledger[state], 0);
  if (name === 'not_replied' || name === 'clicked' || name === 'not_clicked') return most === 0 ? 0 : undefined;
  if (!families) return most;
  return Object.entries(failures).reduce((sum, [code, count]) => {
    const passes = ['again', 'slower', 'tomorrow'].includes(adviceFor(code));
    return passes ? sum + count : sum;
  }, 0);
}

/** Failed deliveries whose number cannot be reached at all. */
function deadCount({ failures }: Pick<CampaignStatus, 'failures'>): number {
  return Object.entries(failures).reduce((sum, [code, count]) => sum + (adviceFor(code) === 'remove' ? count : 0), 0);
}

/** Of the answers so many stand in one message. */
export const ANSWERS_PAGE = 10;
const ANSWER_CHARACTERS = 250;

/** A page of what people wrote back, in a message that can be forwarded as it is. */
export function renderAnswers(
  { id, name }: Pick<CampaignStatus, 'id' | 'name'>,
  { answers, count }: { answers: readonly SaidAnswer[]; count: number },
  page: number,
  texts: Texts,
): Screen {
  const to = (number: number): string => buttonData('report', subjectKey({ campaign: id }), 'said', number);
  const lines = answers.map((one) =>
    texts.html('reports.answer', {
      who: shorten([one.name, one.phone].filter(Boolean).join(' '), 60),
      at: texts.shortTime(one.at),
      text: shorten(one.text.replace(/\s+/g, ' ').trim() || '…', ANSWER_CHARACTERS),
    }),
  );
  const pages = Math.max(1, Math.ceil(count / ANSWERS_PAGE));
  const csv = {
    text: texts.plain('reports.answersFile'),
    data: buttonData('report', subjectKey({ campaign: id }), 'answers'),
  };
  return {
    html: [
      texts.html('reports.answers', { name, count }),
      ...(lines.length > 0 ? lines : [texts.html('reports.noAnswers')]),
    ].join('\n\n'),
    keyboard: [...pagerRow({ items: [], page, pages }, to), ...(count > 0 ? [[csv]] : [])],
  };
}

/** Before numbers are put on the stop list. */
export function renderDeadSure(status: CampaignStatus, texts: Texts): Screen {
  const { id, name } = status;
  return {
    html: texts.html('reports.deadSure', { name, count: deadCount(status) }),
    keyboard: [
      [
        {
          text: texts.plain('reports.deadYes'),
          data: buttonData('report', subjectKey({ campaign: id }), 'dead!'),
          style: 'danger',
        },
        { text: texts.plain('buttons.no'), data: buttonData('report', subjectKey({ campaign: id }), 'show') },
      ],
    ],
  };
}
