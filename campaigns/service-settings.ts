/** The options of the campaign service that come from the settings. */
import { contactRules } from '../audience/exclusions';
import { approvalRules, optOutWords, type Settings, settleLimits } from '../config/settings';
import { defaultHours, marketingHours } from './hours';
import type { CampaignServiceDependencies } from './service';

type OfSettings =
  | 'country'
  | 'timezone'
  | 'contactRules'
  | 'hours'
  | 'marketing'
  | 'largeSend'
  | 'recipientTimezone'
  | 'pricesFile'
  | 'settle'
  | 'optOutWords'
  | 'approval';

/** `gupshup`: where the messages go. */
export function campaignOptions(
  settings: Settings<never> & { gupshup?: { GUPSHUP_BASE_URL: string } },
): Pick<CampaignServiceDependencies, OfSettings | 'linksUrl' | 'resultDays'> {
  return {
    country: settings.DEFAULT_COUNTRY,
    timezone: settings.DEFAULT_TIMEZONE,
    contactRules: contactRules(settings),
    hours: defaultHours(settings),
    marketing: marketingHours(settings, settings.gupshup?.GUPSHUP_BASE_URL),
    largeSend: settings.LARGE_SEND_PEOPLE,
    ...(settings.RECIPIENT_TIMEZONE && { recipientTimezone: settings.RECIPIENT_TIMEZONE }),
    ...(settings.PRICES_FILE && { pricesFile: settings.PRICES_FILE }),
    ...(settings.RESULTS_DAYS && { resultDays: settings.RESULTS_DAYS }),
    ...(settings.LINKS_URL && { linksUrl: settings.LINKS_URL }),
    settle: settleLimits(settings),
    approval: approvalRules(settings),
    optOutWords: optOutWords(settings),
  };
}
