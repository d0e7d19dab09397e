/** Makes the demo company: leads and contacts with the troubles of a real CRM, the same for the same size. */
import type { Company, Contact, FieldValues, Lead, Pipeline } from './model';
import { makeForeign, makeMobile, makeName, NOT_PHONES, write } from './people';
import { createChance, type Chance } from './random';
import { demoStageCases, type PersonCase } from './cases';
import {
  ACCOUNT_ID, CITIES, COMPANY_NAME, CONTACT_TAGS, CUSTOM_FIELDS, DEMO_STAGE, LEAD_TAGS, LOST, PIPELINES, USERS, WON,
} from './structure'; // prettier-ignore

export const DEFAULT_LEADS = 450;
/** Share of all leads that stand in the demo stage: 324 of 450. */
const DEMO_STAGE_SHARE = 0.72;
/** The youngest record: 20 Nov 2026, Unix seconds. Fixed, so that the company is the same at every start. */
const NEWEST = 1_795_168_800;
const DAY_S = 86_400;
const FIRST_LEAD_ID = 24_100_001;
const FIRST_CONTACT_ID = 31_700_001;

/** `leads` in all. Same number, same company. */
export function generateCompany(leads: number = DEFAULT_LEADS): Company {
  const chance = createChance(20_261_123);
  const company: Company = {
    accountId: ACCOUNT_ID,
    name: COMPANY_NAME,
    users: structuredClone(USERS),
    pipelines: structuredClone(PIPELINES),
    customFields: Object.values(CUSTOM_FIELDS),
    leads: new Map(),
    contacts: new Map(),
    leadTags: structuredClone(LEAD_TAGS),
    contactTags: structuredClone(CONTACT_TAGS),
  };
  const inDemoStage = Math.round(leads * DEMO_STAGE_SHARE);
  const cases = demoStageCases(inDemoStage);
  const places = chance.shuffle([
    ...cases.map((personCase) => ({ ...DEMO_STAGE, personCase })),
    ...Array.from({ length: leads - inDemoStage }, () => ({
      ...otherStage(chance),
      personCase: { kind: 'ordinary' } as PersonCase,
    })),
  ]);
  const people = createPeople(company, chance);
  const pairs = places.map(({ pipelineId, statusId, personCase }) => {
    const lead = makeLead(company, chance, pipelineId, statusId);
    company.leads.set(lead.id, lead);
    return { lead, personCase };
  });
  // Leads that share a phone or contact come last, when there are others to share with.
  const shares = ({ kind }: PersonCase): boolean => kind === 'same_phone' || kind === 'same_contact';
  const [others, sharers] = [
    pairs.filter((pair) => !shares(pair.personCase)),
    pairs.filter((pair) => shares(pair.personCase)),
  ];
  for (const { lead, personCase } of [...others, ...sharers]) {
    lead.contacts = people.forLead(lead, personCase).map((contact, n) => ({ id: contact.id, is_main: n === 0 }));
  }
  return company;
}

/** Any stage but the demo stage. */
function otherStage(chance: Chance): { pipelineId: number; statusId: number } {
  const pipeline: Pipeline = chance.pick(PIPELINES);
  const stages = pipeline.statuses.filter(({ id }) => id !== DEMO_STAGE.statusId);
  return { pipelineId: pipeline.id, statusId: chance.pick(stages).id };
}

function makeLead(company: Company, chance: Chance, pipelineId: number, statusId: number): Lead {
  const number = company.leads.size;
  const user = chance.pick(USERS).id;
  const created = NEWEST - chance.whole(0, 400) * DAY_S - chance.whole(0, DAY_S);
  const updated = Math.min(NEWEST, created + chance.whole(0, 40 * DAY_S));
  const closed = statusId === WON || statusId === LOST;
  const city = chance.whole(0, CITIES.length - 1);
  const { city: cityField, source } = CUSTOM_FIELDS;
  const fields: FieldValues[] = [fieldValue(cityField, cityField.enums![city]!)];
  if (chance.next() < 0.5) fields.push(fieldValue(source, chance.pick(source.enums!)));
  return {
    id: FIRST_LEAD_ID + number * 2,
    name: `${chance.pick(['Кухня', 'Шкаф-купе', 'Гардеробная', 'Детская', 'Прихожая', 'Заявка с сайта'])} ${1001 + number}`,
    price: chance.next() < 0.15 ? 0 : chance.whole(18, 420) * 1000,
    responsible_user_id: user,
    status_id: statusId,
    pipeline_id: pipelineId,
    loss_reason_id: null,
    created_by: chance.next() < 0.3 ? 0 : user,
    updated_by: user,
    created_at: created,
    updated_at: updated,
    closed_at: closed ? updated : null,
    closest_task_at: null,
    is_deleted: false,
    custom_fields_values: chance.next() < 0.2 ? null : fields,
    tags: chance.next() < 0.3 ? [chance.pick(LEAD_TAGS)] : [],
    contacts: [],
  };
}

function fieldValue(field: (typeof CUSTOM_FIELDS)['city'], choice: { id: number; value: string }): FieldValues {
  return {
    field_id: field.id,
    field_name: field.name,
    field_code: field.code,
    field_type: field.type,
    values: [{ value: choice.value, enum_id: choice.id, enum_code: null }],
  };
}

/** Makes the contacts of each lead by its case. */
function createPeople(company: Company, chance: Chance): { forLead(lead: Lead, personCase: PersonCase): Contact[] } {
  const used = new Set<string>();
  /** Plain contacts of the demo stage, to be shared or doubled by later leads. */
  const plain: { contact: Contact; digits: string }[] = [];

  const add = (phones: string[], changes: Partial<Contact> = {}): Contact => {
    const user = chance.pick(USERS).id;
    const created = NEWEST - chance.whole(1, 500) * DAY_S;
    const contact: Contact = {
      id: FIRST_CONTACT_ID + company.contacts.size * 2,
      ...makeName(chance),
      responsible_user_id: user,
      created_by: user,
      updated_by: user,
      created_at: created,
      updated_at: Math.min(NEWEST, created + chance.whole(0, 90 * DAY_S)),
      closest_task_at: null,
      is_deleted: false,
      is_unsorted: false,
      custom_fields_values: contactFields(chance, phones, company.contacts.size),
      tags: chance.next() < 0.05 ? [chance.pick(CONTACT_TAGS)] : [],
      ...changes,
    };
    company.contacts.set(contact.id, contact);
    return contact;
  };
  const mobile = (): string => makeMobile(chance, used);
  const written = (): string => write(chance, mobile());

  const forLead = (lead: Lead, personCase: PersonCase): Contact[] => {
    switch (personCase.kind) {
      case 'ordinary': {
        const digits = mobile();
        const contact = add([write(chance, digits)]);
        if (lead.status_id === DEMO_STAGE.statusId) plain.push({ contact, digits });
        return [contact];
      }
      case 'ending':
        return [add([write(chance, makeMobile(chance, used, personCase.ending))])];
      case 'landline':
        // Not on WhatsApp: ending 931.
        return [add([`8 (495) ${chance.whole(200, 799)}-${chance.whole(1, 9)}9-31`])];
      case 'no_contact':
        return [];
      case 'no_phone':
        return [add([])];
      case 'not_a_phone':
        return [add([chance.pick(NOT_PHONES)])];
      case 'deleted_contact':
        return [add([written()], { is_deleted: true })];
      case 'unsorted_contact':
        return [add([written()], { is_unsorted: true })];
      case 'same_phone': {
        const other = plain.length > 0 ? chance.pick(plain) : undefined;
        return [add([other ? write(chance, other.digits) : written()])];
      }
      case 'same_contact': {
        const other = plain.length > 0 ? chance.pick(plain) : undefined;
        return [other?.contact ?? add([written()])];
      }
      case 'two_numbers':
        return [add([written(), written()])];
      case 'two_in_one':
        return [add([`${written()}, ${written()}`])];
      case 'extension':
        return [add([`${written()} доб. ${chance.whole(10, 99)}`])];
      case 'two_contacts':
        return [add([written()]), add([written()])];
      case 'foreign':
        return [add([makeForeign(chance, personCase.country)])];
    }
  };
  return { forLead };
}

function contactFields(chance: Chance, phones: string[], number: number): FieldValues[] | null {
  const fields: FieldValues[] = [];
  const { phone, email, position } = CUSTOM_FIELDS;
  if (phones.length > 0) {
    const codes = chance.next() < 0.5 ? ['WORK', 'MOB'] : ['MOB', 'HOME'];
    fields.push({
      field_id: phone.id,
      field_name: phone.name,
      field_code: phone.code,
      field_type: phone.type,
      values: phones.map((value, n) => {
        const choice = phone.enums!.find((one) => one.value === codes[n])!;
        return { value, enum_id: choice.id, enum_code: choice.value };
      }),
    });
  }
  if (chance.next() < 0.4) {
    const choice = email.enums![0]!;
    fields.push({
      field_id: email.id,
      field_name: email.name,
      field_code: email.code,
      field_type: email.type,
      values: [{ value: `client${number + 1}@mail.example`, enum_id: choice.id, enum_code: choice.value }],
    });
  }
  if (chance.next() < 0.1) {
    fields.push({
      field_id: position.id,
      field_name: position.name,
      field_code: position.code,
      field_type: position.type,
      values: [{ value: chance.pick(['Дизайнер', 'Прораб', 'Директор']) }],
    });
  }
  return fields.length > 0 ? fields : null;
}
