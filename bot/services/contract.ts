/** What the bot needs from the rest of the product, and nothing more. wire.ts provides it; tests provide their own. */
import type { ContactProfile } from '../../audience/contact-profile';
import type { CampaignService, SeriesService } from '../../campaigns/contract';
import type { TemplateDesk } from '../../campaigns/template-desk';
import type { UploadMedia } from '../../campaigns/media-upload';
import type { SavedLists } from '../../campaigns/saved-lists';
import type { RateCards } from '../../campaigns/rate-cards';
import type { FunnelService } from '../../campaigns/funnel';
import type { ReplyDesk } from '../../campaigns/reply-desk';
import type { WriteBackService } from '../../campaigns/write-back';
import type { Result } from '../../config/errors';
import type { Language } from '../../config/i18n';
import type { AudienceSource } from '../../domain/audience';
import type { Actor } from '../../domain/story/actor';
import type { PastedNumbers } from '../../domain/phones/pasted-numbers';
import type { Template } from '../../domain/templates/template';
import type { WriteBackOrders } from '../../domain/story/write-back';
import type { CrmFieldDefinition, CrmUser, Pipeline } from '../../clients/amocrm/model';
import type { ApprovalEntry } from '../../report/approval-history';
import type { ApprovalDocument } from '../../store/approvals';
import type { AuditStore } from '../../store/audit';
import type { CountryRuleStore } from '../../store/country-rules';
import type { ContactDocument, ListDocument } from '../../store/documents';
import type { Erasure } from '../../store/erasure';
import type { NoticeStore, SessionStore } from '../../store/bot-state';
import type { InvitationStore } from '../../store/invitations';
import type { Join } from '../../store/joining';
import type { HandledReply } from '../../store/open-replies';
import type { UpdateInbox } from '../../store/update-inbox';
import type { By, UserStore } from '../../store/users';
import type { Column } from '../conversation/chosen-audience';
import type { Draft } from '../conversation/draft';
import type { ImportedFile, ImportOptions } from './import-file';
import type { BotReports } from './report';
import type { OptOuts } from './opt-outs';
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

export interface BotSender {
  app: string;
  /** Digits. */
  source: string;
  sendsPerSecond: number;
  isDefault: boolean;
}

export interface BotServices {
  campaigns: CampaignService;
  /** Started campaigns made of this one's deliveries in the state, newest first. */
  followUps(campaignId: string, state: 'failed' | 'unknown'): Promise<FollowUp[]>;
  /** What campaigns are called, by their ids; without those that are gone. */
  campaignNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  series: SeriesService;
  templates: {
    list(options?: { refresh?: boolean; sender?: string }): Promise<Result<{ templates: Template[]; syncedAt: Date }>>;
  };
  /** Templates that are put together and submitted. */
  templateDesk: TemplateDesk;
  funnel: FunnelService;
  crm: {
    pipelines(): Promise<Result<Pipeline[]>>;
    /** Of leads, by name. */
    tags(): Promise<Result<string[]>>;
    users(): Promise<Result<CrmUser[]>>;
    /** Fields of the account's own. */
    fields(): Promise<Result<CrmFieldDefinition[]>>;
  };
  lists: Pick<SavedLists, 'find' | 'rename' | 'remove'> & {
    /** Newest first. */
    list(): Promise<ListDocument[]>;
    /** Its people with all their columns, as CSV. */
    file(listId: string, language: Language): Promise<{ fileName: string; content: Buffer }>;
    /** Who made it. */
    nameOf(by: Actor, language: Language): Promise<string>;
  };
  audience: {
    /** Saves a file of people (CSV, Excel, JSON) as a list. The refusal names the line and the value. */
    importFile(
      content: Buffer,
      options: Pick<ImportOptions, 'name' | 'by' | 'choice' | 'onShare'>,
    ): Promise<Result<ImportedFile>>;
    /** The people of a list that came from a file are meant: from now on they are contacts. */
    take(listId: string): Promise<void>;
    /** A list that came from a file was not what was meant. */
    drop(listId: string): Promise<void>;
    /** The lines of a list that came from a file and cannot be sent to, as CSV; undefined when there is none. */
    rejected(listId: string, language: Language): Promise<{ fileName: string; content: Buffer } | undefined>;
    /** What parameters may be filled with, with one person's values as examples. `[]` for bare numbers. */
    columns(source: AudienceSource): Promise<Result<Column[]>>;
    /** E.164 by the default country, or `phone_invalid`. */
    phone(text: string): Result<string>;
    /** Every number of a message, and what is none. */
    numbers(text: string): PastedNumbers;
    /** A message and the one that goes on with it, as they were before Telegram's client cut them. */
    join(first: string, next: string): string;
  };
  /** A file for a template's header, to the sender that the campaign goes from. */
  uploadMedia: UploadMedia;
  report: BotReports;
  /** A campaign's template, parameters and options as a draft for other people. */
  copyOf(campaignId: string): Promise<Result<Draft>>;
  watchers: {
    /** The newest of the chat: those before it are its former ones. */
    add(campaignId: string, watcher: Watcher): Promise<void>;
    remove(campaignId: string, watcher: Watcher): Promise<void>;
    /** Every campaign that some chat watches; watchers in the order in which they were added. */
    active(): Promise<{ campaignId: string; watchers: Watcher[] }[]>;
  };
  writeBack: WriteBackService & {
    /** What the settings say is written of every campaign. */
    always?: WriteBackOrders;
  };
  /** Messages of the worker that offer to resume a campaign. */
  notices: NoticeStore;
  /** What campaigns may go from, each with its cap (messages a second): no campaign of its is faster, however many there are. */
  senders: readonly BotSender[];
  /** The cap of a draft's senders together; of the default one when it names none. */
  /** Where tracked links are opened; absent = there are none. */
  linksUrl?: string;
  capOf(draft: { sender?: string; alsoFrom?: readonly string[] }): number;
  /** Dates of the settings on which campaigns that keep to hours rest. */
  holidays: readonly string[];
  stoplist: Stoplist;
  /** Rules by country. */
  rules: CountryRuleStore;
  /** What messages cost. */
  prices: RateCards;
  /** Who did what. */
  audit: AuditStore;
  /** Campaigns that wait for a second person's yes, as cards. */
  approvals: {
    /** Telegram's HTML; undefined when there is no such question or campaign any more. */
    card(campaignId: string, texts: { language: Language; zone: string }): Promise<string | undefined>;
    /** Which campaigns needed a yes, the newest first, each with all of its questions; and what people are called. */
    history(
      page: { skip: number; limit: number },
      language: Language,
    ): Promise<{ entries: ApprovalEntry[]; nameOf: (by: By) => string }>;
    /** No longer open, with cards that do not show it yet. */
    shownOpen(): Promise<ApprovalDocument[]>;
    /** The card says how it stands, or never will. */
    shown(campaignId: string, card: { chatId: number; messageId: number }): Promise<void>;
  };
  /** What people answered, and what the team does about it. */
  replies: ReplyDesk & {
    /** Telegram's HTML. */
    card(reply: HandledReply, texts: { language: Language; zone: string }): Promise<string>;
    /** Their name, else the number. */
    whoOf(reply: HandledReply): Promise<string>;
    /** What the team calls the one who did something. */
    nameOf(by: Actor, language: Language): Promise<string>;
  };
  /** What may be an opt-out and needs a person. */
  optOuts: OptOuts;
  people: {
    /** Whose name or number contains the words, those met last first, at most so many; and how many there are. */
    search(words: string, limit: number): Promise<{ found: ContactDocument[]; count: number }>;
    /** Everything known of a number, at most so many entries of a kind. */
    profile(phone: string, limit: number): Promise<ContactProfile>;
    /** Theirs, and those that others have, the most frequent first. */
    tags(phone: string): Promise<{ own: string[]; others: string[] }>;
    /** The record of their consents as PDF; who asked for it stands in the journal. */
    consentFile(
      phone: string,
      by: { actor: Actor; name: string },
      language: Language,
    ): Promise<{ fileName: string; content: Buffer }>;
    /** Whoever is tagged becomes a contact. */
    tag(phone: string, change: { add: string[] } | { remove: string[] }): Promise<void>;
    /** Erases whatever tells who has the number (E.164); while a campaign may still write to it, it names that. */
    erase(phone: string, by: Actor): ReturnType<Erasure['erase']>;
  };
  sessions: SessionStore;
  /** What Telegram has sent and is not dealt with yet. */
  updates: UpdateInbox;
  users: UserStore;
  team: { invitations: InvitationStore; join: Join };
}
