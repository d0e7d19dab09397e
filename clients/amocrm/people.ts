/** A lead and its contacts as people of an audience. */
import type { Person } from '../../domain/audience';
import type { Contact, CrmField, Lead, LeadWithContacts } from './model';

/**
 * The main contact; without one, or when it has no phone, the first contact that has. Columns: name, first_name,
 * last_name, lead_name, lead_price, lead_id, then the custom fields of the contact and of the lead by their names.
 */
export function personOf({ lead, contacts }: LeadWithContacts): Person {
  const contact = contacts.find(hasPhone) ?? contacts[0];
  return {
    phones: contact?.phones ?? [],
    columns: columnsOf(lead, contact),
    origin: String(lead.id),
    ...stageOf(lead),
  };
}

/**
 * One person for every number of every contact of the lead, each with the columns of its contact. The origin is
 * `<lead>/<contact>`, with `#<which>` from a contact's second number on. A lead without any number is still one person.
 */
export function everyNumberOf({ lead, contacts }: LeadWithContacts): Person[] {
  const reachable = contacts.filter(hasPhone);
  if (reachable.length === 0) return [personOf({ lead, contacts })];
  return reachable.flatMap((contact) => {
    const columns = columnsOf(lead, contact);
    const phones = contact.phones.filter((phone) => phone.trim() !== '');
    return phones.map((phone, index) => {
      const which = index === 0 ? '' : `#${index + 1}`;
      return { phones: [phone], columns, origin: `${lead.id}/${contact.id}${which}`, ...stageOf(lead) };
    });
  });
}

function stageOf({ pipelineId, statusId }: Lead): Pick<Person, 'stage'> {
  return { stage: { pipelineId, statusId } };
}

function hasPhone({ phones }: Contact): boolean {
  return phones.some((phone) => phone.trim() !== '');
}

function columnsOf(lead: Lead, contact: Contact | undefined): Record<string, string> {
  const columns: Record<string, string> = {
    name: contact?.name.trim() || [contact?.firstName, contact?.lastName].filter(Boolean).join(' '),
    first_name: contact?.firstName ?? '',
    last_name: contact?.lastName ?? '',
    lead_name: lead.name,
    lead_price: String(lead.price),
    lead_id: String(lead.id),
  };
  for (const field of [...(contact?.fields ?? []), ...lead.fields]) addField(columns, field);
  return columns;
}

/** The first field of a name wins, and no field replaces a column of ours. */
function addField(columns: Record<string, string>, field: CrmField): void {
  const value = field.values.join(', ');
  if (field.name !== '' && value !== '' && !Object.hasOwn(columns, field.name)) columns[field.name] = value;
}
