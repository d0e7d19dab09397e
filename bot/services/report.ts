/** Reports as the bot shows and sends them: of a campaign, of some days, or of a template. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { DateTime } from 'luxon';
import { done, refused, type Result } from '../../config/errors';
import type { Language } from '../../config/i18n';
import { adviceFor } from '../../domain/failure-advice';
import { renderAnswers } from '../../report/answers';
import type { RangeReportData, ReportData } from '../../report/data';
import { renderMessage, renderRangeMessage } from '../../report/message';
import type { Reports } from '../../report/reports';
import { leadTexts, variantFigures } from '../../report/variant-text';
import { createWords } from '../../report/words';
import type { Store } from '../../store/connect';

/** Days that a report can be asked for with one press; all end now or at a midnight. */
export const REPORT_SPANS = ['today', 'yesterday', 'days7', 'days30', 'month', 'lastMonth', 'months3', 'year'] as const;
export type ReportSpan = (typeof REPORT_SPANS)[number];

/** `template` is the key that `templates` gives. */
export type ReportSubject = { campaign: string } | { span: ReportSpan } | { template: string };

/** `failed`: the numbers not reached; `answers`: what people wrote back, of one campaign. */
export const REPORT_FILES = ['png', 'xlsx', 'csv', 'failed', 'answers'] as const;
export type ReportFile = (typeof REPORT_FILES)[number];

/** An answer as the chat shows it. */
export interface SaidAnswer {
  /** E.164 */
  phone: string;
  name?: string;
  at: Date;
  /** A pressed button counts as its text. */
  text: string;
}

export interface BotReports {
  /** Telegram's HTML without numbers of people. Over dates it may be longer than a message, and is sent in parts. */
  message(subject: ReportSubject, language: Language): Promise<Result<string>>;
  file(
    subject: ReportSubject,
    file: ReportFile,
    language: Language,
  ): Promise<Result<{ fileName: string; content: Buffer }>>;
  /** What each variant of the campaign came to, and who leads; empty where there are none. */
  variants(campaignId: string, language: Language): Promise<string[]>;
  /** What people wrote back to a campaign, the newest first, with their names; and how many answers there are. */
  answers(campaignId: string, page: { skip: number; limit: number }): Promise<{ answers: SaidAnswer[]; count: number }>;
  /** Those that campaigns were started with, by name; `key` fits a button. */
  templates(): Promise<{ key: string; name: string }[]>;
  /** Numbers of the campaign's failures that cannot be reached at all, by their codes. */
  deadNumbers(campaignId: string): Promise<string[]>;
}

const KEY_LENGTH = 10;

export interface BotReportsDependencies {
  reports: Reports;
  store: Pick<Store, 'campaigns' | 'contacts' | 'deliveries' | 'replies'>;
  timezone: string;
}

export function createBotReports({ reports, store, timezone }: BotReportsDependencies): BotReports {
  const templates = async (): Promise<{ key: string; name: string }[]> =>
    (await store.campaigns.usedTemplates()).map((name) => ({
      key: createHash('sha256').update(name).digest('hex').slice(0, KEY_LENGTH),
      name,
    }));

  async function reportOn(
    subject: ReportSubject,
    form?: Parameters<Reports['range']>[1],
  ): Promise<Result<ReportData | RangeReportData>> {
    if ('campaign' in subject) return reports.campaign(subject.campaign);
    if ('span' in subject)
      return done(await reports.range(daysOf(subject.span, DateTime.now().setZone(timezone)), form));
    const template = (await templates()).find(({ key }) => key === subject.template);
    if (!template) return refused('template_not_found', { template: subject.template });
    return done(await reports.range({ from: new Date(0), to: new Date(), template: template.name }, form));
  }

  async function answersTo(subject: ReportSubject, language: Language): ReturnType<BotReports['file']> {
    const id = 'campaign' in subject ? subject.campaign : '';
    if (!(await store.campaigns.find(id))) return refused('campaign_not_found', { id });
    const content = await buffer(inBytes(renderAnswers(store.replies.ofCampaign(id), language)));
    return done({ fileName: `answers-${id}.csv`, content });
  }

  return {
    templates,
    answers: async (campaignId, page) => {
      const { replies, count } = await store.replies.newestOf(campaignId, page);
      const answers = await Promise.all(
        replies.map(async ({ phone, at, text, buttonText }) => {
          const name = (await store.contacts.find(phone))?.names?.[0];
          return { phone, at, text: text ?? buttonText ?? '', ...(name && { name }) };
        }),
      );
      return { answers, count };
    },
    message: async (subject, language) => {
      const report = await reportOn(subject);
      if (!report.ok) return report;
      const options = { language, timezone };
      return done(
        'campaigns' in report.value ? renderRangeMessage(report.value, options) : renderMessage(report.value, options),
      );
    },
    variants: async (campaignId, language) => {
      const report = await reports.campaign(campaignId);
      const words = createWords({ language, timezone });
      return report.ok ? [...variantFigures(report.value, words), ...leadTexts(report.value, words)] : [];
    },
    file: async (subject, file, language) => {
      if (file === 'answers') return answersTo(subject, language);
      const form = file === 'failed' ? ({ format: 'csv', failed: true } as const) : { format: file };
      const report = await reportOn(subject, form);
      if (!report.ok) return report;
      const content = await reports.content(report.value, { ...form, language });
      if (!content.ok) return content;
      const name = `report-${Object.values(subject).join('')}${file === 'failed' ? '-failed.csv' : `.${file}`}`;
      return done({ fileName: name, content: await buffer(inBytes(content.value)) });
    },
    deadNumbers: async (campaignId) => {
      const numbers: string[] = [];
      for await (const { phone, code, detail } of store.deliveries.stream(campaignId, { states: ['failed'] })) {
        if (phone && code && adviceFor(code, detail) === 'remove') numbers.push(phone);
      }
      return numbers;
    },
  };
}

async function* inBytes(pieces: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece as string);
}

/** In the zone of `now`; the end is exclusive. */
function daysOf(span: ReportSpan, now: DateTime): { from: Date; to: Date } {
  const today = now.startOf('day');
  const month = now.startOf('month');
  const between = (from: DateTime, to: DateTime): { from: Date; to: Date } => ({
    from: from.toJSDate(),
    to: to.toJSDate(),
  });
  switch (span) {
    case 'today':
      return between(today, today.plus({ days: 1 }));
    case 'yesterday':
      return between(today.minus({ days: 1 }), today);
    case 'days7':
      return between(today.minus({ days: 6 }), today.plus({ days: 1 }));
    case 'days30':
      return between(today.minus({ days: 29 }), today.plus({ days: 1 }));
    case 'month':
      return between(month, today.plus({ days: 1 }));
    case 'lastMonth':
      return between(month.minus({ months: 1 }), month);
    case 'months3':
      return between(month.minus({ months: 2 }), today.plus({ days: 1 }));
    case 'year':
      return between(now.startOf('year'), today.plus({ days: 1 }));
  }
}
