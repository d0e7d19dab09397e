/** What the bot needs from the rest of the product, and nothing more. main.ts provides it; tests provide their own. */
import type { CampaignService, SeriesService } from '../campaigns/contract';
import type { Result } from '../config/errors';
import type { Language } from '../config/i18n';
import type { AudienceSource, Person } from '../domain/audience';
import type { Template } from '../domain/template';
import type { Pipeline } from '../clients/amocrm/model';
import type { AudienceFile } from '../audience/file';
import type { Actor, ListDocument } from '../store/documents';
import type { SessionStore } from '../store/sessions';
import type { UserStore } from '../store/users';
import type { Column } from './chosen-audience';
import type { Stoplist } from './stoplist';

/** A Telegram message that shows a campaign's live progress. */
export interface Watcher {
  chatId: number;
  messageId: number;
}

/** A campaign made of those of an earlier one. */
export interface FollowUp {
  name: string;
  createdAt: Date;
}

export interface BotServices {
  campaigns: CampaignService;
  /** Started campaigns made of this one's deliveries in the state, newest first. */
  followUps(campaignId: string, state: 'failed' | 'unknown'): Promise<FollowUp[]>;
  series: SeriesService;
  templates: { list(options?: { refresh?: boolean }): Promise<Result<{ templates: Template[]; syncedAt: Date }>> };
  crm: { pipelines(): Promise<Result<Pipeline[]>> };
  lists: {
    create(list: {
      name: string;
      columns: string[];
      phoneColumn: string;
      people: readonly Person[];
      by: Actor;
    }): Promise<ListDocument>;
    /** Newest first. */
    list(): Promise<ListDocument[]>;
  };
  audience: {
    /** Reads a file of people (CSV). The refusal names the line and the value. */
    readFile(content: Buffer): Promise<Result<AudienceFile>>;
    /** What parameters may be filled with, with one person's values as examples. `[]` for bare numbers. */
    columns(source: AudienceSource): Promise<Result<Column[]>>;
    /** E.164 by the default country, or `phone_invalid`. */
    phone(text: string): Result<string>;
  };
  report: {
    /** Telegram's HTML that fits one message. */
    message(campaignId: string, language: Language): Promise<Result<string>>;
    csv(campaignId: string, language: Language): Promise<Result<{ fileName: string; content: Buffer }>>;
  };
  watchers: {
    add(campaignId: string, watcher: Watcher): Promise<void>;
    remove(campaignId: string, watcher: Watcher): Promise<void>;
    /** Every campaign that some chat watches. */
    active(): Promise<{ campaignId: string; watchers: Watcher[] }[]>;
  };
  /** The sender's cap: no campaign is faster, however many there are. */
  sendsPerSecond: number;
  /** Dates of the settings on which campaigns that keep to hours rest. */
  holidays: readonly string[];
  stoplist: Stoplist;
  sessions: SessionStore;
  users: UserStore;
}
