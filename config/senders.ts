/** The table of senders: the Gupshup apps that this deployment sends from. `GUPSHUP_*` is the first, `SENDERS_FILE` gives the others. */
import type { SendingHours } from '../domain/times/sending-hours';
import type { FileSender } from './senders-file';

/** A Gupshup app and its number. */
export interface SenderSettings {
  /** The app's name, by which campaigns name it. */
  app: string;
  appId: string;
  apiKey: string;
  /** Its number: digits, no plus. */
  source: string;
  baseUrl: string;
  /** Messages a second over all workers and campaigns. */
  sendsPerSecond: number;
  /** When its campaigns may send that name no hours; absent = as SENDING_HOURS and SENDING_DAYS say. */
  hours?: Pick<SendingHours, 'from' | 'to'>;
  days?: number[];
  /** A campaign that names no sender goes from it. Exactly one is. */
  isDefault: boolean;
}

/** The settings that the table comes from. */
export interface SendersSettings {
  GUPSHUP_API_KEY: string;
  GUPSHUP_APP_NAME: string;
  GUPSHUP_APP_ID: string;
  GUPSHUP_SOURCE: string;
  GUPSHUP_BASE_URL: string;
  GUPSHUP_SENDS_PER_SECOND: number;
  SENDERS_FILE?: FileSender[] | undefined;
}

/** All senders, the first of the settings first. */
export function sendersOf(settings: SendersSettings): [SenderSettings, ...SenderSettings[]] {
  const { GUPSHUP_BASE_URL: baseUrl, SENDERS_FILE: others = [] } = settings;
  const first: SenderSettings = {
    app: settings.GUPSHUP_APP_NAME,
    appId: settings.GUPSHUP_APP_ID,
    apiKey: settings.GUPSHUP_API_KEY,
    source: settings.GUPSHUP_SOURCE,
    baseUrl,
    sendsPerSecond: settings.GUPSHUP_SENDS_PER_SECOND,
    isDefault: !others.some((other) => other.default),
  };
  return [
    first,
    ...others.map(({ appName: app, number: source, default: isDefault, hours, days, ...rest }) => ({
      ...rest,
      ...(hours !== undefined && { hours }),
      ...(days !== undefined && { days }),
      ...{ app, source, isDefault, baseUrl },
    })),
  ];
}

/** What may not be the same in two senders: rows of the file are counted from 0, as its problems are. */
export function doubledSenders(given: Partial<Record<keyof SendersSettings, unknown>>): string[] {
  const rows = Array.isArray(given.SENDERS_FILE) ? (given.SENDERS_FILE as FileSender[]) : [];
  const all = [
    { where: 'GUPSHUP_*', appName: given.GUPSHUP_APP_NAME, appId: given.GUPSHUP_APP_ID, number: given.GUPSHUP_SOURCE },
    ...rows.map((row, index) => ({ where: `[${index}]`, ...row })),
  ];
  const problems: string[] = [];
  for (const field of ['appName', 'appId', 'number'] as const) {
    const seen = new Map<string, string>();
    for (const { where, [field]: value } of all) {
      if (typeof value !== 'string') continue;
      // Gupshup's events do not always keep the case of an app's name.
      const key = value.toLowerCase();
      const before = seen.get(key);
      if (before === undefined) seen.set(key, where);
      else
        problems.push(`${where}.${field}: expected one of its own, got ${JSON.stringify(value)}, which ${before} has`);
    }
  }
  const defaults = all.filter((one) => 'default' in one && one.default).map(({ where }) => where);
  if (defaults.length > 1) problems.push(`default: expected at most one sender with it, got ${defaults.join(', ')}`);
  return problems;
}
