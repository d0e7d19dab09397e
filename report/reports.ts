/** Reports for bot and CLI alike: of a campaign, of dates or of a template, in every format. */
import { done, type Result } from '../config/errors';
import type { Language } from '../config/i18n';
import type { PriceTable } from '../domain/cost';
import type { Store } from '../store/connect';
import { buildRangeReport, buildReport, type ReportRange } from './build';
import { renderCsv } from './csv';
import type { RangeReportData, ReportData } from './data';
import { deliveryParts } from './parts';
import { renderFailedText, renderRangeText, renderText } from './text';

export const REPORT_FORMATS = ['text', 'csv', 'xlsx', 'png'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** `failed`: only failed deliveries, as a list of numbers in `text`. */
interface Form {
  format: ReportFormat;
  language: Language;
  failed?: boolean | undefined;
}

type Shown = Pick<Form, 'format' | 'failed'>;

/** Whether the form has more than a list of deliveries. */
const hasCounts = ({ format, failed }: Shown): boolean => format !== 'csv' && !(format === 'text' && failed);

export interface Reports {
  campaign(id: string): Promise<Result<ReportData>>;
  /** Only what `form` shows, if it is said. */
  range(range: Omit<ReportRange, 'timezone'>, form?: Shown): Promise<RangeReportData>;
  /** Its content in pieces, read from the store while it is read. */
  content(report: ReportData | RangeReportData, form: Form): Promise<Result<AsyncIterable<string | Buffer>>>;
}

export interface ReportsDependencies {
  store: Pick<
    Store,
    | 'campaigns'
    | 'chains'
    | 'clicks'
    | 'deliveries'
    | 'openReplies'
    | 'replies'
    | 'replyEffects'
    | 'results'
    | 'writeBacks'
  >;
  /** IANA zone of days and times. */
  timezone: string;
  /** Undefined when there are none that can be read: reports then name no cost. */
  prices: () => Promise<readonly PriceTable[] | undefined>;
  /** The CRM's address, for links to leads. */
  crmUrl?: string | undefined;
}

export function createReports({ store, timezone, prices, crmUrl }: ReportsDependencies): Reports {
  return {
    campaign: async (id) => buildReport(store, id, { prices: await prices() }),
    range: async (range, form) =>
      buildRangeReport(
        store,
        { ...range, timezone },
        { prices: await prices(), results: form === undefined || hasCounts(form) },
      ),
    content: async (report, { format, language, failed }) => {
      const options = { language, timezone, crmUrl };
      const parts = deliveryParts(store, report, { failed: failed === true });
      // The workbook and the picture load much that the others do not need.
      if (format === 'xlsx') {
        const { renderXlsx } = await import('./xlsx');
        return renderXlsx(report, (which) => deliveryParts(store, report, which), { ...options, failed });
      }
      if (format === 'png') {
        const [{ renderChart }, { renderPng }] = await Promise.all([import('./chart'), import('./png')]);
        return done(single(await renderPng(renderChart(report, options))));
      }
      if (format === 'csv') return done(renderCsv(parts, { ...options, withCampaign: 'campaigns' in report }));
      if (failed) return done(renderFailedText(parts, language));
      return done(single('campaigns' in report ? renderRangeText(report, options) : renderText(report, options)));
    },
  };
}

async function* single<T>(piece: T): AsyncGenerator<T> {
  yield piece;
}
