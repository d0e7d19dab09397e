/** The card of a campaign that waits for a second person's yes: its buttons, for whom, and what it shows afterwards. */
import { createApprovalStore, type ApprovalDocument, type ApprovalStore } from '../../store/approvals';
import { createTellTeam } from '../../clients/tell-team';
import { createTelegramClient } from '../../clients/telegram';
import { runApprovalWatch } from '../../campaigns/approval-watch';
import { createApprovals } from '../../campaigns/approval';
import { createCampaignStore, type CampaignStore } from '../../store/campaigns';
import { namesFrom, renderApproval } from '../../report/approval';
import { approvalHistory } from '../../report/approval-history';
import { createLogger } from '../../config/logger';
import { askedFor } from '../../domain/approval';
import { waitFor } from '../support/servers';
import { TOKEN } from '../sandbox/telegram-support';
import { campaignDocument } from '../store/support';
import { statusOf } from './fake-services';
import { ADMIN, buttonsOf, joined, NOW, startWorld, type Person, type World } from './support';

const MAKER = 7001;
const OPERATOR = 7002;
const CLI = { kind: 'cli' } as const;
const ID = 'big1';

let world: World;
let approvals: ApprovalStore;
let campaigns: CampaignStore;
let maker: Person;
let operator: Person;
let stop: AbortController;
let watching: Promise<void>;

async function join(id: number, role: 'admin' | 'operator'): Promise<Person> {
  const one = await joined(world, id, role);
  await one.write('/help');
  await one.sees('Что я умею');
  return one;
}

beforeEach(async () => {
  world = await startWorld({ progressEveryMs: 200 });
  stop = new AbortController();
  const { services, telegram, db } = world;
  approvals = createApprovalStore(db);
  campaigns = createCampaignStore(db);
  const store = { approvals, campaigns };
  /** The fake one, which moves the stored campaign too. */
  const command: typeof services.campaigns.command = async (id, request) => {
    await campaigns.move(id, request.command === 'resume' ? 'running' : 'cancelled', { whatever: true });
    return services.campaigns.command(id, request);
  };
  services.campaigns.approvals = createApprovals({
    store,
    rules: undefined,
    look: () => Promise.reject(new Error('nothing is looked at here')),
    command,
  }).service;
  services.approvals.card = async (id, { language, zone }) => {
    const [one, campaign, team] = [await approvals.find(id), await campaigns.find(id), await services.users.members()];
    return (
      one && campaign && renderApproval(one, campaign, { language, timezone: zone, nameOf: namesFrom(team, language) })
    );
  };
  services.approvals.shownOpen = () => approvals.shownOpen();
  services.approvals.shown = (id, card) => approvals.dropMessage(id, card);
  maker = await join(MAKER, 'admin');
  operator = await join(OPERATOR, 'operator');
  await world.admin.write('/help');
  await world.admin.sees('Что я умею');

  const campaign = campaignDocument(ID, {
    state: 'paused',
    stateReason: { error: { code: 'approval_needed', detail: '' } },
    createdBy: { kind: 'telegram', id: MAKER },
  });
  await campaigns.insert(campaign);
  services.statuses.set(ID, statusOf(ID, 'paused', { name: campaign.spec.name }));
  const stored = (await campaigns.find(ID))!;
  await approvals.ask({
    _id: ID,
    askedAt: new Date(),
    endsAt: new Date(Date.now() + 3_600_000),
    makers: [MAKER],
    facts: {
      people: 1200,
      total: 1250,
      skips: { suppressed: 50 },
      category: 'MARKETING',
      seconds: 60,
      reasons: ['people'],
    },
    askedFor: askedFor(stored.spec, stored.template),
  });
  const log = createLogger('test', 'silent');
  const tell = createTellTeam({
    telegram: createTelegramClient({ token: TOKEN, apiRoot: telegram.url }),
    team: services.users,
    language: 'ru',
    log,
  });
  watching = runApprovalWatch(
    { store: { ...store, users: services.users }, tell, command, timezone: 'UTC', log, everyMs: 50 },
    stop.signal,
  );
});
afterEach(async () => {
  stop.abort();
  await watching;
  await world.stop();
});

const state = async (): Promise<ApprovalDocument['state'] | undefined> => (await approvals.find(ID))?.state;

it('goes to whoever may say yes, and to nobody else; a yes lets it go on and every card says so', async () => {
  const { admin, services } = world;
  const card = await admin.sees('Нужно ваше согласие');
  expect(card.text).toMatch(/Отправим 1\s200 людям, пропустим 50/);
  expect(card.text).toContain(`Автор: Имя ${MAKER}`);
  expect(buttonsOf(card)).toEqual([expect.stringMatching(/^✅ Отправить: 1\s200$/), '⛔️ Отклонить']);
  await admin.press('✅ Отправить');
  const after = await admin.seesAnywhere('Согласие дано');
  expect(buttonsOf(after)).toEqual([]);
  expect(services.asked.commands[0]).toMatchObject({ id: ID, command: 'resume', by: { kind: 'telegram', id: ADMIN } });
  await maker.seesAnywhere('согласие дал');
  for (const one of [maker, operator]) {
    expect((await one.messages()).map(({ text }) => text).join()).not.toContain('Нужно ваше согласие');
  }
});

it('a no asks for a reason, which the maker is told', async () => {
  const { admin, services } = world;
  await admin.sees('Нужно ваше согласие');
  await admin.press('⛔️ Отклонить');
  await admin.sees('Напишите причину');
  expect(await state()).toBe('asked');
  await admin.write('Цена <старая>');
  await admin.sees('отклонена: Цена <старая>');
  await admin.seesAnywhere('Отклонено');
  expect(await state()).toBe('refused');
  expect(services.asked.commands[0]).toMatchObject({ id: ID, command: 'cancel' });
  await maker.seesAnywhere('Цена <старая>');
});

it('lowered since, the reader of a card answers nothing with it', async () => {
  const { admin, services } = world;
  await admin.sees('Нужно ваше согласие');
  await services.users.admit(7, 'owner', CLI, NOW);
  await services.users.setRole(ADMIN, 'operator', CLI);
  await admin.press('✅ Отправить');
  await waitFor(async () => (await admin.alerts()).some((text) => text.includes('нужна роль')), { what: 'the pop-up' });
  expect(await state()).toBe('asked');
  expect(services.asked.commands).toEqual([]);
});

it('/approvals: who asked, who answered what and when, also of the questions before', async () => {
  const { services } = world;
  const stored = (await campaigns.find(ID))!;
  services.approvals.history = async (page, language) => ({
    entries: await approvalHistory({ approvals, campaigns }, page),
    nameOf: namesFrom(await services.users.members(), language),
  });
  const first = (await approvals.find(ID))!;
  await approvals.decide(first, 'refused', {
    by: { kind: 'telegram', id: ADMIN },
    at: new Date(),
    reason: 'Не сегодня',
  });
  await approvals.ask({
    ...{ _id: ID, askedAt: new Date(), endsAt: new Date(Date.now() + 3_600_000), makers: [MAKER] },
    ...{ facts: first.facts, askedFor: askedFor(stored.spec, stored.template) },
  });
  await world.admin.write('/approvals');
  const { text } = await world.admin.seesAnywhere('🔐 Одобрения');
  expect(text).toMatch(/1\s200\nзапрос .*, Имя 7001\n⏳ ждёт ответа/);
  expect(text).toMatch(/⛔️ .*, \d\d\.\d\d\.\d\d \d\d:\d\d\nНе сегодня/);
  await operator.write('/approvals');
  await operator.sees('нужна роль');
});
