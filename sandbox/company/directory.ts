/** Finds a demo contact's name by phone, for the phone wall. */
import { findPhoneNumbersInText } from 'libphonenumber-js/max';
import type { Company } from './model';

/** Names by number (digits, no plus), for every number that can be read out of the company's contacts. */
export function namesByPhone(company: Company): Map<string, string> {
  const names = new Map<string, string>();
  for (const contact of company.contacts.values()) {
    const phones = contact.custom_fields_values?.find(({ field_code }) => field_code === 'PHONE')?.values ?? [];
    for (const { value } of phones) {
      for (const { number } of findPhoneNumbersInText(String(value), 'RU')) {
        names.set(number.number.slice(1), contact.name);
      }
    }
  }
  return names;
}
