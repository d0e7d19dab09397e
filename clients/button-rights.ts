/**
 * Which right each button of the bot asks for: one table for whoever shows a button and whoever carries a press out. What
 * is not in it may be pressed by nobody; a test compares it with the buttons that the bot handles.
 */
import { may, type Right, type Role } from '../domain/roles';
import { parseButtonData, type ButtonArea } from './telegram-buttons';

/** The right of a whole area, or by the part of the data at this position (0 = the first after the area). */
type AreaRights = Right | { at: number; rights: Readonly<Record<string, Right>>; others?: Right };

const TABLE: Record<ButtonArea, AreaRights> = {
  noop: 'bot.use',
  menu: {
    at: 0,
    rights: {
      new: 'campaigns.create',
      campaigns: 'campaigns.look',
      schedules: 'campaigns.look',
      templates: 'templates.look',
      funnel: 'funnel.look',
      reports: 'reports.look',
      team: 'team.manage',
      help: 'bot.use',
      lists: 'people.look',
      ru: 'bot.use',
      en: 'bot.use',
      digestOn: 'bot.use',
      digestOff: 'bot.use',
    },
  },
  // Besides the right of the open question (bot/rights.ts).
  draft: {
    at: 1,
    rights: {
      test: 'campaigns.test',
      testOn: 'campaigns.test',
      start: 'campaigns.start',
      tag: 'people.tag',
      erase: 'people.erase',
      suppress: 'suppressions.add',
      lift: 'suppressions.lift',
      'lift!': 'suppressions.lift',
      ruleAction: 'rules.change',
      ruleConsent: 'rules.change',
      ruleRemove: 'rules.change',
      priceDay: 'prices.change',
      priceRemove: 'prices.change',
      'priceRemove!': 'prices.change',
    },
    others: 'bot.use',
  },
  campaigns: 'campaigns.look',
  campaign: {
    at: 1,
    rights: {
      open: 'campaigns.look',
      refresh: 'campaigns.look',
      panel: 'campaigns.look',
      pause: 'campaigns.control',
      resume: 'campaigns.control',
      cancel: 'campaigns.control',
      'cancel!': 'campaigns.control',
      reschedule: 'campaigns.control',
      setRate: 'campaigns.control',
      winner: 'campaigns.control',
      'winner!': 'campaigns.control',
      rate: 'campaigns.control',
      back: 'campaigns.control',
      chain: 'campaigns.look',
      chainPanel: 'campaigns.look',
      chainPause: 'campaigns.control',
      chainResume: 'campaigns.control',
      chainCancel: 'campaigns.control',
      'chainCancel!': 'campaigns.control',
      chainEdit: 'campaigns.control',
      start: 'campaigns.start',
      'start!': 'campaigns.start',
      repeat: 'series.control',
      writeBack: 'crm.writeBack',
      report: 'reports.look',
      retry: 'campaigns.resend',
      'retry!': 'campaigns.resend',
      unknown: 'campaigns.decideUnknown',
      resend: 'campaigns.decideUnknown',
      'resend!': 'campaigns.decideUnknown',
      'assume!': 'campaigns.decideUnknown',
    },
  },
  schedules: {
    at: 1,
    rights: {
      page: 'campaigns.look',
      open: 'campaigns.look',
      pause: 'series.control',
      resume: 'series.control',
      delete: 'series.control',
      'delete!': 'series.control',
    },
  },
  templates: {
    at: 0,
    rights: {
      page: 'templates.look',
      open: 'templates.look',
      refresh: 'templates.refresh',
      use: 'campaigns.create',
      new: 'templates.write',
      drafts: 'templates.write',
      draft: 'templates.write',
      again: 'templates.write',
      submit: 'templates.write',
      remove: 'templates.write',
    },
  },
  funnel: {
    at: 0,
    rights: { list: 'funnel.look', open: 'funnel.look', take: 'funnel.look', send: 'campaigns.create' },
  },
  report: {
    at: 1,
    rights: {
      templates: 'reports.look',
      show: 'reports.look',
      png: 'reports.look',
      // They hold the numbers.
      xlsx: 'people.look',
      csv: 'people.look',
      failed: 'people.look',
      answers: 'people.look',
      said: 'people.look',
      to: 'campaigns.create',
      copy: 'campaigns.create',
      dead: 'suppressions.add',
      'dead!': 'suppressions.add',
    },
  },
  // They hold the numbers.
  lists: {
    at: 0,
    rights: {
      page: 'people.look',
      open: 'people.look',
      file: 'people.look',
      use: 'campaigns.create',
      rename: 'lists.manage',
      delete: 'lists.manage',
      'delete!': 'lists.manage',
    },
  },
  reply: 'replies.handle',
  optOut: 'optOuts.decide',
  // Whose role may be changed by whom depends on both roles besides (bot/composers/team.ts).
  team: 'team.manage',
  approval: 'campaigns.approve',
  audit: 'audit.look',
};

/** Undefined for a button that nobody may press. */
export function rightOfButton(data: string): Right | undefined {
  const press = parseButtonData(data);
  if (!press) return undefined;
  const area = TABLE[press.area];
  if (typeof area === 'string') return area;
  const part = press.parts[area.at] ?? '';
  return Object.hasOwn(area.rights, part) ? area.rights[part] : area.others;
}

/** The keyboard as somebody with this role sees it: without what they may not press. */
export function keyboardFor<B extends { data: string }>(role: Role | undefined, keyboard: readonly B[][]): B[][] {
  return keyboard
    .map((row) =>
      row.filter(({ data }) => {
        const right = rightOfButton(data);
        return right !== undefined && may(role, right);
      }),
    )
    .filter((row) => row.length > 0);
}
