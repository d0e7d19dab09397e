/** Every question that the bot asks in a conversation, with what it must remember to ask it. */
import type { RuleCategory } from '../../domain/country-rules';
import type { ParameterSource } from '../../domain/audience';
import type { FollowUp } from '../../domain/follow-ups';
import type { FollowUpTo } from '../../domain/story/follow-ups';
import type { RateCard } from '../../domain/rate-card';
import type { Template } from '../../domain/templates/template';
import type { Rhythm } from '../../domain/times/cron';
import type { WriteBackOrders } from '../../domain/story/write-back';
import type { ImportedFile } from '../services/import-file';
import type { OfferedOption } from '../screens/options';
import type { LeadConditions, LeadMoment } from './lead-conditions';

/** The ambiguous aspects of a file. */
type TableQuestion = 'column' | 'sheet' | 'encoding' | 'hiddenRows' | 'hiddenColumns';

/** `search` narrows the list to names that contain it. */
interface TemplateQuestion {
  at: 'template';
  page: number;
  search?: string;
}

/** `number`: one was typed as the text, and is taken if it is sent again. `index` (0-based): answered anew. */
interface ParameterQuestion {
  at: 'parameter';
  page: number;
  number?: string;
  index?: number;
}

/** A follow-up that is being put together: what is answered of it so far. */
export interface OpenFollowUp {
  afterMs?: number;
  to?: FollowUpTo;
  template?: Template;
  parameters: ParameterSource[];
  mediaUrl?: string;
}

/** What is asked of a follow-up. */
export type FollowUpQuestion = { at: 'after' } | { at: 'to' } | TemplateQuestion | ParameterQuestion | { at: 'media' };

/** The open question. Each is one screen. */
export type Step =
  /** None: no conversation is going on. */
  | { at: 'home' }
  | { at: 'unfinished'; kept: Step }
  | TemplateQuestion
  | { at: 'audience' }
  /** Everything chosen so far: one more, one to leave out, one to take back. */
  | { at: 'people' }
  /** `only`: what narrows the leads, wherever they stand. */
  | { at: 'pipeline'; page: number; only?: LeadConditions }
  | { at: 'stage'; pipelineId: number; page: number; only?: LeadConditions }
  | { at: 'crmPick'; by: 'tag' | 'user'; page: number; only?: LeadConditions }
  | { at: 'crmDates'; moment: LeadMoment; only?: LeadConditions }
  | { at: 'crmField'; fieldId?: number; page: number; only?: LeadConditions }
  | { at: 'list'; page: number }
  /** An earlier campaign, then which of its people. */
  | { at: 'earlier'; page: number }
  | { at: 'outcome'; campaignId: string; name: string }
  | { at: 'numbers' }
  | { at: 'file' }
  /** An uploaded file, read and saved: is that what was meant? */
  | { at: 'table'; file: ImportedFile }
  /** How it is to be understood: which column holds the phones, which sheet, which encoding, with what it hides or not at all. */
  | { at: 'tableChoice'; file: ImportedFile; of: TableQuestion; page: number }
  /** Every part of the new campaign as it stands, each to be answered or changed. */
  | { at: 'parts' }
  /** The campaigns that were put aside. */
  | { at: 'drafts' }
  | ParameterQuestion
  | { at: 'media' }
  | { at: 'name' }
  /** `page`: of the people whose messages are shown. */
  | { at: 'preview'; page?: number }
  /** One of the people: what they will see, or why they are skipped. */
  | { at: 'seek'; words?: string }
  /** What stands where a person has no value for the parameter (0-based). */
  | { at: 'fallback'; index: number; number?: string }
  | { at: 'testPhone' }
  /** One of the options that the card of a new campaign offers; `pick`: the stage, or stages, that it asks for besides. */
  | { at: 'option'; option: OfferedOption; pick?: { what: 'to' | 'from'; pipelineId?: number; page: number } }
  /** One of the follow-ups (0-based) of a new campaign: a question about it, or all of its parts. */
  | { at: 'followUp'; index: number; value: OpenFollowUp; open?: FollowUpQuestion }
  | { at: 'when' }
  /** `month` as 2026-12. */
  | { at: 'calendar'; month: string }
  /** `date` as 2026-12-31. */
  | { at: 'hour'; date: string }
  /** `startAt` in ISO; absent = at once. */
  | { at: 'confirm'; startAt?: string }
  /** Somebody's first large send: its number, typed. */
  | { at: 'typedCount'; startAt?: string }
  | { at: 'late'; startAt: string }
  /** A number in the stop list: which, and whether taking it away must be confirmed. */
  | { at: 'stoplist'; phone?: string; sure?: true }
  /** A whole list for the stop list, E.164: put there together. */
  | { at: 'stoplistMany'; phones: string[] }
  /** Rules by country: all of them, or the one that is looked at. A campaign that is being put together stays below. */
  | { at: 'rules'; country?: string; category?: RuleCategory }
  /** Prices of messages: a country that is asked about (ISO code), a card that is about to be removed (its ISO date). */
  | { at: 'prices'; country?: string; sure?: string }
  /** A rate card that was read: from which day on? `effective`: the one that the card names. */
  | { at: 'pricesDay'; name: string; card: RateCard; effective?: string }
  /** People by number or name: the words, and the number that is looked at. */
  | { at: 'find'; words?: string; page: number; phone?: string; sure?: true }
  /** A saved list's new name. */
  | { at: 'listName'; listId: string; name: string }
  /** The tags of a person. */
  | { at: 'tag'; phone: string }
  /** A person whose data shall go: are you sure? */
  | { at: 'erase'; phone: string }
  /** A new template: what it is for, then its text. */
  | { at: 'templateNew' }
  /** `id`: of the draft that it makes, once, also when the text is corrected or comes in two parts. */
  | { at: 'templateText'; category: 'MARKETING' | 'UTILITY'; id: string }
  /** A draft of a template with all its parts; one of them, answered anew (`index`: of the sample); and before it is submitted. */
  | { at: 'templateDraft'; id: string }
  | {
      at: 'templatePart';
      id: string;
      part: 'body' | 'sample' | 'header' | 'headerSample' | 'footer' | 'buttons' | 'name' | 'category' | 'language';
      index?: number;
    }
  | { at: 'templateSubmit'; id: string }
  /** Why a campaign that waits for a second person's yes must not go out. */
  | { at: 'approvalReason'; campaignId: string; name: string; round: string }
  /** What is written back to a person; `id`: of this answer, which is sent once, also when the text is corrected. */
  | { at: 'replyAnswer'; key: string; id: string }
  /**
   * A follow-up (from 1) of a started campaign that is being changed; it is as it was until that is saved. `columns`: what
   * its parameters may be filled with; `sender`: whose templates are offered.
   */
  | {
      at: 'chainStep';
      campaignId: string;
      name: string;
      step: number;
      columns: string[];
      sender: string;
      value: OpenFollowUp;
      /** As it was when the editing began. */
      opened: FollowUp;
      open?: FollowUpQuestion;
    }
  /** How fast a started campaign sends. */
  | { at: 'rate'; campaignId: string; name: string }
  /** What will be written to amoCRM, as ticked so far; `stage` is the chosen stage's name. */
  | { at: 'writeBack'; campaignId: string; name: string; orders: WriteBackOrders; stage?: string }
  | {
      at: 'writeBackStage';
      campaignId: string;
      name: string;
      orders: WriteBackOrders;
      pipelineId?: number;
      page: number;
    }
  /** Not a new campaign but one that waits: its new time, then whether `to` (ISO), as it was typed, is what is meant. */
  | { at: 'reschedule'; campaignId: string; name: string; to?: string }
  /** A campaign that shall come again and again: its rhythm, then its time. */
  | { at: 'repeat'; campaignId: string; name: string }
  | { at: 'repeatTime'; campaignId: string; name: string; rhythm: Rhythm };

/** A step that is a question. */
export type Question = Exclude<Step, { at: 'home' }>;

/** The step of one screen. */
export type StepAt<K extends Step['at']> = Extract<Step, { at: K }>;

/** Questions that belong to no new campaign: one that is being put together waits below them. */
const ASIDES: readonly Step['at'][] = [
  'approvalReason',
  'templateNew',
  'templateText',
  'templateDraft',
  'templatePart',
  'templateSubmit',
  'stoplist',
  'stoplistMany',
  'prices',
  'pricesDay',
  'find',
  'listName',
  'tag',
  'erase',
  'replyAnswer',
  'chainStep',
  'rate',
  'writeBack',
  'writeBackStage',
  'reschedule',
  'repeat',
  'repeatTime',
];

export function isAside({ at }: Step): boolean {
  return ASIDES.includes(at);
}
