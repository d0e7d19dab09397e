/** Determines a new campaign's sending hours from the settings, the admin and the rules. */
import type { Settings } from '../config/settings';
import type { SenderSettings } from '../config/senders';
import type { CampaignSpec } from '../domain/campaign-spec';
import { recipientHours, SAFE_HOURS } from '../domain/guards';
import { isMarketing } from '../domain/opt-outs/suppression';
import type { TemplateCategory } from '../domain/templates/template';
import { openingAt, type Opening, type SendingHours } from '../domain/times/sending-hours';
import { canonicalZone } from '../domain/times/zone';

type HoursSettings = Pick<Settings, 'SENDING_HOURS' | 'SENDING_DAYS' | 'SENDING_HOLIDAYS' | 'DEFAULT_TIMEZONE'>;

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const ALL_DAY = { from: '00:00', to: '24:00' };

/** The default hours of campaigns; undefined when the settings have none. */
export function defaultHours(settings: HoursSettings): SendingHours | undefined {
  const { SENDING_HOURS: clock, SENDING_DAYS: days, SENDING_HOLIDAYS: holidays, DEFAULT_TIMEZONE: timezone } = settings;
  if (!clock && !days && !holidays) return undefined;
  return {
    ...(clock ?? ALL_DAY),
    days: days ?? EVERY_DAY,
    holidays: holidays ?? [],
    zone: 'campaign',
    timezone,
  };
}

/** Gupshup's own; at another address stands a stand-in, whose people do not sleep. */
const GUPSHUP = 'https://api.gupshup.io';

/**
 * The hours of marketing campaigns that have no others, on the recipients' clocks; undefined when the setting says
 * `any`, or is not given where `gupshup` is no address of Gupshup's.
 */
export function marketingHours(
  { MARKETING_HOURS: set, ...settings }: Pick<Settings, 'MARKETING_HOURS' | 'SENDING_HOLIDAYS' | 'DEFAULT_TIMEZONE'>,
  gupshup = GUPSHUP,
): SendingHours | undefined {
  const clock = set ?? (new URL(gupshup).origin === GUPSHUP ? SAFE_HOURS : 'any');
  if (clock === 'any') return undefined;
  return recipientHours(clock, settings.DEFAULT_TIMEZONE, settings.SENDING_HOLIDAYS);
}

/** The defaults for sending hours. */
export interface HoursByDefault {
  /** For campaigns that set none. */
  hours: SendingHours | undefined;
  /** For marketing campaigns, where there are none for all; default: at any time. */
  marketing?: SendingHours | undefined;
  /** IANA zone of recipients whose number does not show one; default: the campaign's. */
  recipientTimezone?: string;
}

/** The default hours of a sender's campaigns: its own, else those of the settings. */
export function hoursOfSender(
  { hours, days }: Pick<SenderSettings, 'hours' | 'days'>,
  byDefault: SendingHours | undefined,
  timezone: string,
): SendingHours | undefined {
  if (!hours && !days) return byDefault;
  const others = byDefault ?? { ...ALL_DAY, days: EVERY_DAY, holidays: [], zone: 'campaign', timezone };
  return { ...others, ...hours, ...(days && { days }) };
}

/** The hours the draft will keep to, with a template of this category. A test goes to oneself, at any time. */
export function hoursOf(
  draft: Pick<CampaignSpec, 'hours'> & { test?: boolean },
  { hours: byDefault, marketing, recipientTimezone }: HoursByDefault,
  category: TemplateCategory,
): SendingHours | undefined {
  if (draft.test || draft.hours === 'any') return undefined;
  const hours = draft.hours ?? byDefault ?? (isMarketing(category) ? marketing : undefined);
  return (
    hours && {
      ...(hours.zone === 'recipient' && recipientTimezone && { recipientTimezone }),
      ...hours,
      timezone: canonicalZone(hours.timezone) ?? hours.timezone,
    }
  );
}

/** When a campaign closed by its own hours opens again; undefined while it is open. */
export function opensAgain(hours: SendingHours | undefined, now: Date): Date | undefined {
  const opening: Opening | undefined = hours?.zone === 'campaign' ? openingAt(now, hours, [hours.timezone]) : undefined;
  return opening?.open === false ? opening.opensAt : undefined;
}
