/** The campaign that a chaos run sends: a saved list, some of it bad, as lists are. */
import { nanoid } from 'nanoid';
import type { CampaignServices } from '../../campaigns/from-settings';
import { explain, type Result } from '../../config/errors';
import type { Person } from '../../domain/audience';
import { ExplainedError } from '../servers/errors';

const TEMPLATE = 'order_ready/ru';
/** Every so-manieth person has the number of the one before, or none that is one. */
const DUPLICATE_EVERY = 40;
const INVALID_EVERY = 50;

/** Saves a list of `people`, makes a campaign of it and starts it. Answers with its id. */
export async function startCampaign({ store, campaigns }: CampaignServices, people: number): Promise<string> {
  const list = {
    _id: nanoid(),
    name: 'chaos',
    columns: ['phone', 'first_name', 'order'],
    phoneColumn: 'phone',
    count: people,
    createdAt: new Date(),
    createdBy: { kind: 'system' as const },
  };
  await store.lists.create(list, peopleOf(people));
  const { id } = value(
    await campaigns.create({
      name: 'Chaos',
      template: TEMPLATE,
      audience: { kind: 'list', listId: list._id },
      audienceLabel: list.name,
      parameters: [
        { kind: 'column', column: 'first_name' },
        { kind: 'column', column: 'order' },
      ],
      createdBy: { kind: 'system' },
    }),
  );
  value(await campaigns.start(id));
  return id;
}

function peopleOf(count: number): Person[] {
  return Array.from({ length: count }, (_, n) => {
    const number = n % DUPLICATE_EVERY === DUPLICATE_EVERY - 1 ? n - 1 : n;
    const phone = n % INVALID_EVERY === INVALID_EVERY - 1 ? 'no number' : phoneOf(number);
    return { phones: [phone], columns: { phone, first_name: `Guest ${n}`, order: String(n) }, origin: String(n + 2) };
  });
}

/** None ends in 9xx, which would make the sandbox do something of its own. */
function phoneOf(n: number): string {
  return `+7926${1000 + Math.floor(n / 900)}${String(n % 900).padStart(3, '0')}`;
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new ExplainedError(explain(result.refusal, 'en'));
  return result.value;
}
