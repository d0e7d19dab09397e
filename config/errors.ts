/**
 * The catalogue of refusals: what a user may be told "no" about. Each code has a sentence in
 * config/locales/<language>/refusals.json; a test checks that the two agree.
 *
 * Refusals are values. Exceptions are for broken promises (a bug, a service gone).
 */
import { DateTime } from 'luxon';
import { translate, type Language } from './i18n';

export const REFUSAL_CODES = [
  'campaign_not_found', // {id}
  'campaign_state', // {command, state}
  'again_under_way', // {id, followUp, name}
  'again_done', // {id, followUp, name}
  'campaign_name_missing',
  'campaign_name_too_long', // {characters, limit}
  'campaign_name_has_number', // {name}: the name with its digits hidden
  'parameter_is_numbers', // {position}
  'parameter_is_number', // {position, value}
  'template_not_found', // {template}
  'template_ambiguous', // {template, languages}
  'template_not_approved', // {template, status, reason}
  'template_unsupported', // {template, type}
  'template_low_quality', // {template, quality}
  'marketing_to_us', // {count}
  'template_header_variable', // {template}
  'template_opt_out_missing', // {template}
  'template_opt_out_unknown', // {template, button}
  'template_needs_media', // {template, type}
  'media_link_invalid', // {value}
  'media_link_of_meta', // {host}
  'media_link_received', // {host}
  'media_link_temporary', // {host}
  'media_link_expires', // {at, needed}
  'media_link_expired', // {at}
  'media_refused', // {value, status}
  'media_wrong_type', // {value, expected, got}
  'media_too_large', // {megabytes, limit}
  'media_not_taken', // {template}
  'media_not_checked', // {value, detail}
  'parameters_invalid', // {detail}
  'parameters_too_few', // {expected, got}
  'parameters_too_many', // {expected, got}
  'parameter_invalid', // {position, value, problem}
  'column_unknown', // {column, columns}
  'recipient_clocks', // {region, country, all, assumed, zones}
  'recipient_clocks_known', // {region, country, all}
  'column_empty', // {position, column}
  'audience_empty',
  'audience_invalid', // {detail}
  'crm_filter_empty',
  'period_invalid', // {from, to}
  'list_not_found', // {list}
  'contact_not_found', // {words}
  'stage_not_found', // {pipelineId, statusId}
  'time_invalid', // {value}
  'time_past', // {value}
  'time_skipped', // {value, timezone}
  'prices_unreadable', // {path, detail}
  'wallet_low', // {balance, from, to}
  'rate_invalid', // {value}
  'spread_invalid', // {value}
  'option_invalid', // {option, detail}
  'hours_invalid', // {value}
  'days_invalid', // {value}
  'dates_invalid', // {value}
  'holidays_invalid', // {value}
  'timezone_invalid', // {value}
  'hours_never', // {value}
  'cron_invalid', // {value}
  'clock_invalid', // {value}
  'cron_never', // {value}
  'series_not_found', // {id}
  'series_left_out', // {day, zone, clocks}: `day` is an ISO date, as everywhere
  'series_fires_again', // {day, zone, clocks}
  'series_moved', // {day, zone, clocks, instead}
  'series_hour_lost', // {day, zone, clocks}
  'phone_invalid', // {value, line?}
  'phone_unclear', // {value, taken, other}
  'label_masked', // {masked}: what the audience is called, with its digits hidden
  'numbers_unclear', // {count, examples}
  'numbers_without_nine', // {count, examples}
  'value_unclear', // {position, column, value, first, second, count}
  'file_not_text',
  'file_too_large', // {megabytes, limit}
  'file_empty',
  'file_rows_hidden', // {rows}
  'file_no_phone_column', // {line, columns}
  'file_column_unknown', // {column, columns}
  'file_line_invalid', // {line, value}
  'file_line_too_long', // {line, value, limit}
  'file_too_many_columns', // {line, columns, limit}
  'file_too_many_rows', // {limit}
  'file_sheet_unknown', // {sheet, sheets}
  'file_encoding_unknown', // {encoding, encodings}
  'file_encrypted',
  'file_xls_old',
  'file_xlsx_broken', // {detail}
  'file_unpacks_too_large', // {megabytes, limit}
  'file_json_broken', // {detail}
  'crm_refused', // {status, detail}
  'crm_unreachable', // {detail}
  'crm_authorise_again', // {detail}
  'crm_has_token',
  'crm_not_set',
  'write_back_nothing',
  'write_back_no_leads', // {id}
  'write_back_running', // {id}
  'crm_login_unknown',
  'crm_login_denied', // {detail}
  'crm_login_elsewhere', // {expected, got}
  'gupshup_refused', // {status, detail}
  'gupshup_unreachable', // {detail}
  'temporal_unreachable', // {detail}
  'send_not_answered', // {id}
  'restore_temporal_away',
  'restore_workers_live',
  'temporal_namespace_missing', // {namespace}
  'temporal_foreign', // {namespace, expected}
  'workflows_unknown', // {unknown, goingOn}
  'sender_second', // {app, source, other, otherSource}
  'sender_trouble', // {code, detail}
  'template_still', // {template, status}
  'template_changed', // {template}
  'report_too_large', // {limit}
  'messaging_limit_full', // {limit, at}
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** An expected "no": which, and the values its sentence quotes. */
export interface Refusal {
  code: RefusalCode;
  values: Record<string, string | number>;
}

export interface Refused {
  ok: false;
  refusal: Refusal;
}

/** Either the value or the refusal. */
export type Result<T> = { ok: true; value: T } | Refused;

export function done<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refused(code: RefusalCode, values: Refusal['values'] = {}): Refused {
  return { ok: false, refusal: { code, values } };
}

/** Values that are codes of ours, by the texts that name them. */
const CODED: Record<string, string> = {
  command: 'words.commands',
  state: 'words.campaignStates',
  problem: 'words.parameterProblems',
  status: 'words.templateStatuses',
};

/** The refusal as a sentence: what, where, what was expected, what was got, what to do. */
export function explain(refusal: Refusal, language: Language): string {
  const values = Object.entries(refusal.values).map(([name, value]) => {
    const key = `${CODED[name]}.${value}`;
    const word = CODED[name] ? translate(language, key) : key;
    return [name, name === 'day' ? dayText(value, language) : word === key ? value : word];
  });
  return translate(language, `refusals.${refusal.code}`, Object.fromEntries(values) as Refusal['values']);
}

/** `2027-03-28` → Sunday, 28 March 2027. */
function dayText(iso: string | number, language: Language): string {
  return DateTime.fromISO(String(iso)).setLocale(language).toFormat('cccc, d MMMM yyyy');
}
