/** Finds by phone a demo contact's name, for the phone wall, and their leads. */
import { findPhoneNumbersInText } from 'libphonenumber-js/max';
import type { Company, Contact } from './model';

/** Names by number (digits, no plus), for every number that can be read out of the company's contacts. */
export function namesByPhone(company: Company): Map<string, string> {
  const names = new Map<string, string>();
  for (const contact of company.contacts.values()) {
    for (const phone of phonesOf(contact)) names.set(phone, contact.name);
  }
  return names;
}

/** Ids of the leads whose contacts have the number. */
export function leadsByPhone(company: Company): Map<string, number[]> {
  const leads = new Map<string, number[]>();
  for (const { id, contacts } of company.leads.values()) {
    for (const contact of contacts) {
      for (const phone of phonesOf(company.contacts.get(contact.id)))
        leads.set(phone, [...(leads.get(phone) ?? []), id]);
    }
  }
  return leads;
}

function phonesOf(contact: Contact | undefined): string[] {
  const values = contact?.custom_fields_values?.find(({ field_code }) => field_code === 'PHONE')?.values ?? [];
  return values.flatMap(({ value }) =>
    findPhoneNumbersInText(String(value), 'RU').map(({ number }) => number.number.slice(1)),
  );
}
