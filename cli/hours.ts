/** The options of `campaign create` for sending hours. */
import { IANAZone } from 'luxon';
import { defaultHours } from '../campaigns/hours';
import { refused } from '../config/errors';
import type { Settings } from '../config/settings';
import { readDays, readHours } from '../domain/times/sending-hours-text';
import type { SendingHours } from '../domain/times/sending-hours';
import { refusal, WrongUsage } from './errors';

export interface HoursOptions {
  hours?: string;
  days?: string;
  timezone?: string;
  recipientHours?: true;
}

/**
 * The hours from the options, with the rest from the settings; undefined when no option is given. Refuses what it
 * cannot read, and throws WrongUsage for options that "any" would leave without effect.
 */
export function chooseHours(options: HoursOptions, settings: Settings<never>): SendingHours | 'any' | undefined {
  const { hours, days, timezone, recipientHours } = options;
  if (hours === 'any') {
    if (days !== undefined || timezone !== undefined || recipientHours)
      throw new WrongUsage('--hours any: expected none of --days, --timezone and --recipient-hours with it');
    return 'any';
  }
  if (hours === undefined && days === undefined && timezone === undefined && !recipientHours) return undefined;
  if (timezone !== undefined && !IANAZone.isValidZone(timezone)) refuse('timezone_invalid', timezone);
  const base = defaultHours(settings) ?? ALL_DAY;
  return {
    ...base,
    ...(hours === undefined ? {} : (readHours(hours) ?? refuse('hours_invalid', hours))),
    ...(days === undefined ? {} : { days: readDays(days) ?? refuse('days_invalid', days) }),
    timezone: timezone ?? settings.DEFAULT_TIMEZONE,
    zone: recipientHours ? 'recipient' : base.zone,
  };
}

const ALL_DAY = { from: '00:00', to: '24:00', days: [1, 2, 3, 4, 5, 6, 7], holidays: [], zone: 'campaign' as const };

function refuse(code: 'hours_invalid' | 'days_invalid' | 'timezone_invalid', value: string): never {
  throw refusal(refused(code, { value }).refusal);
}
