/** The team's roles, and the one table of what each may do: every command, button, notice and report asks for a right of it. */

/** From the one who may do everything to the one who may only look. */
export const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Every right, with the lowest role that has it; the roles above have it too. `notices.*` are messages that the product
 * sends by itself.
 */
const LOWEST_ROLE = {
  /** The menu, help, the language: whatever shows and changes nothing of the company's. */
  'bot.use': 'viewer',
  'campaigns.look': 'viewer',
  'reports.look': 'viewer',
  'templates.look': 'viewer',
  'funnel.look': 'viewer',
  'templates.refresh': 'operator',
  /** Put templates together, submit them to Meta, delete them, hear of its answers. */
  'templates.write': 'admin',
  /** Put a campaign together, upload people, save a draft. */
  'campaigns.create': 'operator',
  'campaigns.test': 'operator',
  'campaigns.start': 'operator',
  /** Pause, resume, cancel, move, change the rate. */
  'campaigns.control': 'operator',
  /** Say yes or no to a campaign that needs a second person. */
  'campaigns.approve': 'admin',
  /** Once more to those whom a campaign did not reach. */
  'campaigns.resend': 'operator',
  /** What becomes of sends without an answer: a second message is possible. */
  'campaigns.decideUnknown': 'admin',
  'series.control': 'operator',
  'crm.writeBack': 'operator',
  'people.look': 'operator',
  'people.tag': 'operator',
  /** Name and delete saved lists. */
  'lists.manage': 'operator',
  'people.erase': 'admin',
  'rules.look': 'operator',
  /** Whom campaigns may write to, by country. */
  'rules.change': 'admin',
  'prices.look': 'operator',
  /** Import and remove rate cards, by which costs are reckoned. */
  'prices.change': 'admin',
  'suppressions.add': 'operator',
  'suppressions.lift': 'admin',
  'optOuts.decide': 'operator',
  /** Hear of replies, answer them, mark them as dealt with. */
  'replies.handle': 'operator',
  /** See the team, invite, change and remove operators and viewers. */
  'team.manage': 'admin',
  /** The same for admins and owners. */
  'team.owners': 'owner',
  /** Who did what, and who saw reports. */
  'audit.look': 'admin',
  /** A campaign is paused, a series left one out, a service is away. */
  'notices.trouble': 'operator',
  /** Money and access: the wallet is low, the CRM refuses us. */
  'notices.account': 'admin',
} as const satisfies Record<string, Role>;

export type Right = keyof typeof LOWEST_ROLE;

export const RIGHTS = Object.keys(LOWEST_ROLE) as Right[];

const rank = (role: Role): number => ROLES.indexOf(role);

/** The lowest role that has the right. */
export function lowestRole(right: Right): Role {
  return LOWEST_ROLE[right];
}

/** Whether somebody with this role has the right; nobody without a role has one. */
export function may(role: Role | undefined, right: Right): boolean {
  return role !== undefined && rank(role) <= rank(LOWEST_ROLE[right]);
}

/** Whether somebody with this role may invite, change or remove people with the role `of`. */
export function mayManage(role: Role | undefined, of: Role): boolean {
  return may(role, rank(of) <= rank('admin') ? 'team.owners' : 'team.manage');
}

/** The roles that somebody with this role may give, the highest first. */
export function rolesToGive(role: Role | undefined): Role[] {
  return ROLES.filter((one) => mayManage(role, one));
}
