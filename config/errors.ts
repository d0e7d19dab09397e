/**
 * The catalogue of refusals: what a user may be told "no" about. Each code has a sentence in
 * config/locales/<language>/refusals.json; a test checks that the two agree.
 *
 * Refusals are values. Exceptions are for broken promises (a bug, a service gone).
 */
import { DateTime } from 'luxon';
import { VALUE_KINDS } from '../domain/story/trouble';
import { countryText } from './formats';
import { translate, type Language } from './i18n';

const { text, number, either } = VALUE_KINDS;
const optional = <T>(kind: T): T | undefined => `${String(kind)}, may be absent` as T;

/** Every code, with the values that its sentence quotes. */
export const REFUSALS = {
  campaign_not_found: { id: text },
  campaign_state: { command: text, state: text },
  approval_needed: { people: number },
  approval_own: {},
  approval_gone: { id: text },
  approval_settled: { approval: text },
  approval_changed: { id: text },
  retry_under_way: { id: text, followUp: text, name: text },
  retry_done: { id: text, followUp: text, name: text },
  campaign_name_missing: {},
  campaign_name_too_long: { characters: number, limit: number },
  /** the name with its digits hidden */
  campaign_name_has_number: { name: text },
  parameter_is_numbers: { position: number },
  parameter_is_number: { position: number, value: text },
  template_not_found: { template: text },
  template_ambiguous: { template: text, languages: text },
  template_not_approved: { template: text, status: text, reason: text },
  draft_not_found: { id: text },
  draft_unreadable: { detail: text },
  draft_has_problems: { name: text, count: number, first: text },
  draft_settled: { id: text, draftState: text },
  draft_under_way: { id: text },
  template_name_taken: { template: text },
  template_in_use: { template: text, campaigns: text },
  submit_refused: { template: text, detail: text },
  submit_unsure: { template: text },
  template_unsupported: { template: text, type: text },
  template_low_quality: { template: text, quality: text },
  marketing_to_us: { count: number },
  marketing_to_russia: { count: number },
  country_warned: { country: text, count: number },
  /** What was typed for a country. */
  country_unknown: { value: text },
  /** Countries of a campaign's option, as given. */
  countries_invalid: { value: either },
  rule_missing: { country: text, ruleCategory: text },
  night_there: { count: number, of: number, clock: text, from: text, to: text },
  night_waits: { count: number, of: number, clock: text, opens: text },
  people_lately_template: { count: number, of: number, span: text, campaign: text },
  /** Campaigns that nobody was compared with. */
  lately_not_all: { count: number, campaigns: text },
  people_lately: { count: number, of: number, span: text, campaign: text },
  first_large_send: { count: number, largest: number },
  test_too_many: { count: number, limit: number },
  typed_count_wrong: { value: text, count: number },
  template_header_variable: { template: text },
  template_opt_out_missing: { template: text },
  template_opt_out_unknown: { template: text, button: text },
  template_needs_media: { template: text, type: text },
  media_link_invalid: { value: text },
  media_link_of_meta: { host: text },
  media_link_received: { host: text },
  media_link_temporary: { host: text },
  media_link_expires: { at: text, needed: text },
  media_link_expired: { at: text },
  media_upload_expires: { at: text, needed: text },
  media_of_other_sender: { name: text, app: text, sender: text },
  media_refused: { value: text, status: number },
  media_wrong_type: { value: text, expected: text, got: text },
  media_too_large: { megabytes: number, limit: number },
  media_not_taken: { template: text },
  media_not_checked: { value: text, detail: text },
  parameters_invalid: { detail: text },
  parameters_too_few: { expected: number, got: number },
  parameters_too_many: { expected: number, got: number },
  parameter_invalid: { position: number, value: text, problem: text },
  column_unknown: { column: text, columns: text },
  recipient_clocks: { region: number, country: number, all: number, assumed: number, zones: text },
  recipient_clocks_known: { region: number, country: number, all: number },
  column_empty: { position: number, column: text },
  audience_empty: {},
  audience_invalid: { detail: text },
  crm_filter_empty: {},
  period_invalid: { from: text, to: text },
  list_not_found: { list: text },
  list_needed: { list: text, campaigns: text },
  list_name_invalid: { characters: number, limit: number },
  contact_not_found: { words: text },
  stage_not_found: { pipelineId: either, statusId: either },
  time_invalid: { value: text },
  time_past: { value: text },
  time_skipped: { value: text, timezone: text },
  prices_unreadable: { path: text, detail: text },
  rate_card_heading: { path: text },
  rate_card_empty: { path: text },
  rate_card_currency: { currency: text },
  rate_card_market: { market: text, line: number },
  price_day_invalid: { value: text },
  rate_card_price: { value: text, column: text, line: number },
  wallet_low: { balance: number, from: number, to: number },
  rate_invalid: { value: either },
  /** How many campaigns without being read. */
  never_reads_invalid: { value: text },
  /** How many people get it first. */
  canary_invalid: { value: text },
  rate_above_cap: { rate: number, cap: number },
  spread_invalid: { value: either },
  control_invalid: { value: either },
  variants_shares_invalid: { value: text },
  variants_alike: { template: text },
  variant_category: { template: text, category: text, first: text, expected: text },
  variant_parameters: { template: text, expected: number, got: number },
  variants_not_moved: {},
  winner_invalid: { value: either },
  winner_needs_variants: {},
  winner_needs_links: {},
  winner_small: { people: number },
  winner_none: {},
  winner_unknown: { value: text, letters: text },
  winner_settled: {},
  follow_up_delay_invalid: { value: either },
  follow_ups_too_many: { count: number, most: number },
  follow_up_parameters: { template: text, expected: number, got: number },
  follow_up_no_links: { template: text },
  follow_ups_none: { id: text },
  follow_up_none: { id: text, step: number, steps: number },
  follow_ups_draft: { id: text },
  follow_ups_state: { command: text, state: text },
  follow_up_begun: { id: text, step: number },
  links_off: {},
  link_place: { position: number, template: text, expected: text },
  option_invalid: { option: text, detail: text },
  note_invalid: { characters: number, limit: number },
  hours_invalid: { value: text },
  days_invalid: { value: text },
  dates_invalid: { value: text },
  holidays_invalid: { value: text },
  timezone_invalid: { value: text },
  hours_never: { value: text },
  cron_invalid: { value: text },
  clock_invalid: { value: text },
  cron_never: { value: text },
  series_not_found: { id: text },
  /** `day` is an ISO date, as everywhere */
  series_left_out: { day: text, zone: text, clocks: text },
  series_fires_again: { day: text, zone: text, clocks: text },
  series_moved: { day: text, zone: text, clocks: text, instead: text },
  series_hour_lost: { day: text, zone: text, clocks: text },
  phone_invalid: { value: text, line: optional(number) },
  phone_unclear: { value: text, taken: text, other: text },
  /** what the audience is called, with its digits hidden */
  label_masked: { masked: text },
  numbers_unclear: { count: number, examples: text },
  numbers_without_nine: { count: number, examples: text },
  value_unclear: { position: number, column: text, value: text, first: text, second: text, count: number },
  file_not_text: {},
  file_too_large: { megabytes: number, limit: number },
  file_empty: {},
  file_rows_hidden: { rows: number },
  file_columns_hidden: { columns: text },
  file_no_phone_column: { line: number, columns: text },
  file_column_unknown: { column: text, columns: text },
  file_line_invalid: { line: number, value: text },
  file_line_too_long: { line: number, value: text, limit: number },
  file_too_many_columns: { line: number, columns: number, limit: number },
  file_too_many_rows: { limit: number },
  file_sheet_unknown: { sheet: text, sheets: text },
  file_encoding_unknown: { encoding: text, encodings: text },
  file_encrypted: {},
  file_xls_old: {},
  file_xlsx_broken: { detail: text },
  file_unpacks_too_large: { megabytes: number, limit: number },
  file_json_broken: { detail: text },
  crm_refused: { status: number, detail: text },
  crm_unreachable: { detail: text },
  crm_authorise_again: { detail: text },
  crm_has_token: {},
  crm_not_set: {},
  write_back_nothing: {},
  results_invalid: { value: text, most: number, last: number },
  results_none: { id: text },
  results_forgotten: { id: text },
  write_back_no_leads: { id: text },
  write_back_running: { id: text },
  crm_login_unknown: {},
  crm_login_denied: { detail: text },
  crm_login_elsewhere: { expected: text, got: text },
  gupshup_refused: { status: number, detail: text },
  gupshup_unreachable: { detail: text },
  temporal_unreachable: { detail: text },
  send_not_answered: { id: text },
  data_older: { found: number, expected: number },
  data_newer: { found: number, expected: number },
  setup_roles_live: { roles: text },
  setup_under_way: {},
  restore_temporal_away: {},
  restore_workers_live: {},
  temporal_namespace_missing: { namespace: text },
  temporal_foreign: { namespace: text, expected: text },
  workflows_unknown: { unknown: number, goingOn: number },
  templates_differ: { template: text, sender: text },
  template_at_sender: { template: text, sender: text, status: text },
  sender_unknown: { sender: text, senders: text },
  /** `senders`: those of the campaign */
  sender_not_of_campaign: { sender: text, senders: text },
  sender_trouble: { code: text, detail: text },
  template_still: { template: text, status: text },
  template_changed: { template: text },
  report_too_large: { limit: number },
  messaging_limit_full: { limit: number, at: text },
  reply_gone: { id: text },
  reply_length: { characters: number, limit: number },
  reply_window_closed: {},
  reply_suppressed: {},
  reply_sender_gone: { sender: text },
  /** Gupshup's own words */
  reply_refused: { detail: text },
};

type Catalogue = typeof REFUSALS;
export type RefusalCode = keyof Catalogue;
export const REFUSAL_CODES = Object.keys(REFUSALS) as RefusalCode[];

type OptionalKeys<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];
/** The values that a code's sentence quotes. */
export type RefusalValues<C extends RefusalCode = RefusalCode> = {
  [Code in C]: Omit<Catalogue[Code], OptionalKeys<Catalogue[Code]>> & {
    [K in OptionalKeys<Catalogue[Code]>]?: Exclude<Catalogue[Code][K], undefined>;
  };
}[C];

/** An expected "no": which, and the values its sentence quotes. */
export type Refusal<C extends RefusalCode = RefusalCode> = {
  [Code in C]: { code: Code; values: RefusalValues<Code> };
}[C];

export interface Refused {
  ok: false;
  refusal: Refusal;
}

/** Either the value or the refusal. */
export type Result<T> = { ok: true; value: T } | Refused;

export function done<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** The "no" of that code, as a result. Codes that quote nothing need no values. */
export function refused<C extends RefusalCode>(
  code: C,
  ...[values]: Record<string, never> extends RefusalValues<C> ? [values?: RefusalValues<C>] : [values: RefusalValues<C>]
): Refused {
  return { ok: false, refusal: { code, values: values ?? {} } as Refusal };
}

/** A problem that a schema of domain/ has found, whose types cannot reach this catalogue; a test compares the two. */
export function refusalOf({ code, values }: { code: RefusalCode; values: Record<string, string | number> }): Refusal {
  return { code, values } as Refusal;
}

/** Values that are codes of ours, by the texts that name them. */
const CODED: Record<string, string> = {
  approval: 'words.approvalStates',
  command: 'words.commands',
  draftState: 'templates.states',
  state: 'words.campaignStates',
  problem: 'words.parameterProblems',
  status: 'words.templateStatuses',
  span: 'words.latelySpans',
  ruleCategory: 'words.ruleCategories',
  quality: 'words.templateQualities',
};

/** The refusal as a sentence: what, where, what was expected, what was got, what to do. */
export function explain(refusal: Refusal, language: Language): string {
  const values = Object.entries<string | number>(refusal.values).map(([name, value]) => {
    const key = `${CODED[name]}.${value}`;
    const word = CODED[name] ? translate(language, key) : key;
    if (name === 'country' && typeof value === 'string') return [name, countryText(value, language)];
    return [name, name === 'day' ? weekdayText(value, language) : word === key ? value : word];
  });
  return translate(language, `refusals.${refusal.code}`, Object.fromEntries(values) as Record<string, string | number>);
}

/** `2027-03-28` → Sunday, 28 March 2027. */
function weekdayText(iso: string | number, language: Language): string {
  return DateTime.fromISO(String(iso)).setLocale(language).toFormat('cccc, d MMMM yyyy');
}
