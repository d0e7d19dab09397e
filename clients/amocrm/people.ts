/** A lead and its contacts as one person of an audience. */
import type { Person } from '../../domain/audience';
import type { Contact, CrmField, Lead } from './model';

/**
 * The main contact; without one, or when it has no phone, the first contact that has. Columns: name, first_name,
 * last_name, lead_name, lead_price, lead_id, then the custom fields of the contact and of the lead by their names.
 */
export function personOf(lead: Lead, known: ReadonlyMap<number, Contact>): Person {
  const contacts = lead.contactIds.flatMap((id) => known.get(id) ?? []);
  const contact = contacts.find(({ phones }) => phones.some((phone) => phone.trim() !== '')) ?? contacts[0];
  const columns: Record<string, string> = {
    name: contact?.name.trim() || [contact?.firstName, contact?.lastName].filter(Boolean).join(' '),
    first_name: contact?.firstName ?? '',
    last_name: contact?.lastName ?? '',
    lead_name: lead.name,
    lead_price: String(lead.price),
    lead_id: String(lead.id),
  };
  for (const field of [...(contact?.fields ?? []), ...lead.fields]) addField(columns, field);
  return { phones: contact?.phones ?? [], columns, origin: String(lead.id) };
}

/** The first field of a name wins, and no field replaces a column of ours. */
function addField(columns: Record<string, string>, field: CrmField): void {
  const value = field.values.join(', ');
  if (field.name !== '' && value !== '' && !Object.hasOwn(columns, field.name)) columns[field.name] = value;
}
