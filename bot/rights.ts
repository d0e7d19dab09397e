/** Which right an update asks for: a command, a press, and an answer to the open question. Buttons: clients/button-rights.ts. */
import { rightOfButton } from '../clients/button-rights';
import { parseButtonData } from '../clients/telegram-buttons';
import type { Right } from '../domain/roles';
import { commandOf, COMMAND_RIGHTS } from './commands';
import type { BotContext } from './context';
import type { Step } from './conversation/steps';

const STEP_RIGHTS: Readonly<Record<Step['at'], Right>> = {
  home: 'bot.use',
  approvalReason: 'campaigns.approve',
  templateNew: 'templates.write',
  templateText: 'templates.write',
  templateDraft: 'templates.write',
  templatePart: 'templates.write',
  templateSubmit: 'templates.write',
  unfinished: 'campaigns.create',
  drafts: 'campaigns.create',
  parts: 'campaigns.create',
  template: 'campaigns.create',
  audience: 'campaigns.create',
  people: 'campaigns.create',
  pipeline: 'campaigns.create',
  stage: 'campaigns.create',
  crmPick: 'campaigns.create',
  crmDates: 'campaigns.create',
  crmField: 'campaigns.create',
  list: 'campaigns.create',
  earlier: 'campaigns.create',
  outcome: 'campaigns.create',
  numbers: 'campaigns.create',
  file: 'campaigns.create',
  table: 'campaigns.create',
  tableChoice: 'campaigns.create',
  parameter: 'campaigns.create',
  media: 'campaigns.create',
  name: 'campaigns.create',
  preview: 'campaigns.create',
  seek: 'campaigns.create',
  fallback: 'campaigns.create',
  testPhone: 'campaigns.test',
  option: 'campaigns.create',
  followUp: 'campaigns.create',
  when: 'campaigns.create',
  calendar: 'campaigns.create',
  hour: 'campaigns.create',
  confirm: 'campaigns.create',
  typedCount: 'campaigns.start',
  late: 'campaigns.create',
  rules: 'rules.look',
  prices: 'prices.look',
  pricesDay: 'prices.change',
  stoplist: 'people.look',
  stoplistMany: 'suppressions.add',
  find: 'people.look',
  listName: 'lists.manage',
  tag: 'people.tag',
  erase: 'people.erase',
  replyAnswer: 'replies.handle',
  chainStep: 'campaigns.control',
  rate: 'campaigns.control',
  writeBack: 'crm.writeBack',
  writeBackStage: 'crm.writeBack',
  reschedule: 'campaigns.control',
  repeat: 'series.control',
  repeatTime: 'series.control',
};

/** Of a file, where it does more than an answer in words. */
const FILE_RIGHTS: Readonly<Partial<Record<Step['at'], Right>>> = { prices: 'prices.change' };

/** Every right that the update asks for; `unknown` for a button that nobody may press. */
export function rightsFor(ctx: BotContext): Right[] | 'unknown' {
  const { callbackQuery: query, session } = ctx;
  if (query) {
    const data = 'data' in query ? query.data : '';
    // A button of another version: the menu answers it.
    if (!parseButtonData(data)) return ['bot.use'];
    const right = rightOfButton(data);
    if (right === undefined) return 'unknown';
    return parseButtonData(data)?.area === 'draft' ? [STEP_RIGHTS[session.step.at], right] : [right];
  }
  if (!ctx.message && !ctx.editedMessage) return ['bot.use'];
  const command = commandOf(ctx.message && 'text' in ctx.message ? ctx.message.text : '');
  if (command) return [COMMAND_RIGHTS[command]];
  // The rest of a message, or its correction, answers the question before.
  const ofFile = ctx.message && 'document' in ctx.message ? FILE_RIGHTS[session.step.at] : undefined;
  return [
    ...[session.step, ...(session.answered ? [session.answered.step] : [])].map(({ at }) => STEP_RIGHTS[at]),
    ...(ofFile ? [ofFile] : []),
  ];
}

/** What an update asks for, in words of the product: never what somebody typed, which may be a person's. */
export function askedIn({ message, callbackQuery: query, session }: BotContext): {
  what: string;
  isCommand: boolean;
  campaignId?: string;
} {
  const { step, draft } = session;
  const ofStep = ('campaignId' in step ? step.campaignId : undefined) ?? draft.campaignId;
  const press = query && 'data' in query ? parseButtonData(query.data) : undefined;
  if (press?.area === 'draft') return about(`${step.at} ${press.parts[1] ?? ''}`, ofStep);
  if (press?.area === 'campaign') return about(`campaign ${press.parts[1] ?? ''}`, press.parts[0]);
  if (press?.area === 'approval') return about(`approval ${press.parts[2] ?? ''}`, press.parts[0]);
  // Of the rest the data are the product's own words and ids; keys of opt-outs and invitations say nothing here.
  if (press?.area === 'optOut') return about(`optOut ${press.parts[1] ?? ''}`, undefined);
  if (press)
    return about([press.area, ...press.parts.slice(0, 3).filter((part) => part.length <= 20)].join(' '), undefined);
  const command = commandOf(message && 'text' in message ? message.text : '');
  if (command) return { what: `/${command}`, isCommand: true };
  return about(`answer ${step.at}`, ofStep);
}

const about = (what: string, campaignId: string | undefined): ReturnType<typeof askedIn> => ({
  what: what.trim(),
  isCommand: false,
  ...(campaignId && { campaignId }),
});
