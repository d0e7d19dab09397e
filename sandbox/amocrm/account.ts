/** Account, users, pipelines and custom fields (amocrm.md#pipelines, amocrm.md#account-and-fields). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { currentUser, selfLink, type AmocrmContext } from './context';
import { customFieldView, pipelineView, statusView, userView } from './present';
import { Problem } from './problems';
import { readListQuery, sendHal } from './query';
import { idOf } from './reads';

const CREATED_AT = 1_585_840_134;

export function registerAccount(app: FastifyInstance, context: AmocrmContext): void {
  const { company, state } = context;

  app.get('/account', async (request, reply) => {
    const { with: wanted } = readListQuery(request);
    const has = (name: string): boolean => wanted.includes(name);
    const embedded = {
      ...(has('amojo_rights') && { amojo_rights: { can_direct: true, can_create_groups: true } }),
      ...(has('users_groups') && { users_groups: [{ id: 0, name: 'Отдел продаж', uuid: null }] }),
      ...(has('task_types') && {
        task_types: [
          { id: 1, name: 'Связаться', color: null, icon_id: null, code: 'FOLLOW_UP' },
          { id: 2, name: 'Встреча', color: null, icon_id: null, code: 'MEETING' },
        ],
      }),
      ...(has('datetime_settings') && {
        datetime_settings: {
          date_pattern: 'd.m.Y H:i', short_date_pattern: 'd.m.Y', short_time_pattern: 'H:i', date_formant: 'd.m.Y',
          time_format: 'H:i:s', timezone: 'Europe/Moscow', timezone_offset: '+03:00',
        },
      }),
    }; // prettier-ignore
    return sendHal(reply, {
      id: company.accountId,
      name: company.name,
      subdomain: 'svetlydom',
      language: 'ru',
      created_at: CREATED_AT,
      created_by: 0,
      updated_at: CREATED_AT,
      updated_by: 0,
      current_user_id: currentUser(context),
      country: 'RU',
      currency: 'RUB',
      currency_symbol: '₽',
      customers_mode: 'segments',
      is_unsorted_on: true,
      mobile_feature_version: 0,
      is_loss_reason_enabled: true,
      is_helpbot_enabled: false,
      is_technical_account: false,
      contact_name_display_order: 1,
      ...(has('amojo_id') && { amojo_id: 'f3c6340d-410e-4ad1-9f7e-c5e663599909' }),
      ...(has('version') && { version: 11 }),
      ...(has('drive_url') && { drive_url: 'https://drive-b.amocrm.ru' }),
      ...(has('is_api_filter_enabled') && { is_api_filter_enabled: !state.value.settings.filtersIgnored }),
      _links: selfLink(request, 'account'),
      ...(Object.keys(embedded).length > 0 && { _embedded: embedded }),
    });
  });

  app.get('/users', async (request, reply) => {
    const { with: wanted } = readListQuery(request);
    return sendHal(reply, {
      ...counted(company.users.length),
      _links: selfLink(request, 'users'),
      _embedded: { users: company.users.map((user) => userView(request, user, wanted)) },
    });
  });
  app.get('/users/:id', async (request, reply) => {
    const user = company.users.find(({ id }) => id === idOf(request.params));
    return user ? sendHal(reply, userView(request, user, readListQuery(request).with)) : reply.code(204).send();
  });

  app.get('/leads/pipelines', async (request, reply) =>
    sendHal(reply, {
      _total_items: company.pipelines.length,
      _links: selfLink(request, 'leads/pipelines'),
      _embedded: { pipelines: company.pipelines.map((pipeline) => pipelineView(request, pipeline)) },
    }),
  );
  const findPipeline = (request: FastifyRequest) => {
    const pipeline = company.pipelines.find(({ id }) => id === idOf(request.params));
    if (!pipeline) throw new Problem(404, 'Pipeline not found');
    return pipeline;
  };
  app.get('/leads/pipelines/:id', async (request, reply) =>
    sendHal(reply, pipelineView(request, findPipeline(request))),
  );
  app.get('/leads/pipelines/:id/statuses', async (request, reply) => {
    const { id, statuses } = findPipeline(request);
    return sendHal(reply, {
      _total_items: statuses.length,
      _links: selfLink(request, `leads/pipelines/${id}/statuses`),
      _embedded: { statuses: statuses.map((status) => statusView(request, status)) },
    });
  });
  app.get('/leads/pipelines/:id/statuses/:statusId', async (request, reply) => {
    const statusId = Number((request.params as { statusId: string }).statusId);
    const status = findPipeline(request).statuses.find(({ id }) => id === statusId);
    if (!status) throw new Problem(404, 'Status not found');
    return sendHal(reply, statusView(request, status));
  });

  for (const entity of ['leads', 'contacts', 'companies']) {
    const fields = company.customFields.filter(({ entity_type }) => entity_type === entity);
    app.get(`/${entity}/custom_fields`, async (request, reply) => {
      const { page, limit } = readListQuery(request);
      const onPage = fields.slice((page - 1) * limit, page * limit);
      if (onPage.length === 0) return reply.code(204).send();
      return sendHal(reply, {
        _total_items: fields.length,
        _page: page,
        _page_count: Math.ceil(fields.length / limit),
        _links: selfLink(request, `${entity}/custom_fields?page=${page}&limit=${limit}`),
        _embedded: { custom_fields: onPage.map((field) => customFieldView(request, company, field)) },
      });
    });
    app.get(`/${entity}/custom_fields/:id`, async (request, reply) => {
      const field = fields.find(({ id }) => id === idOf(request.params));
      if (!field) throw new Problem(404, 'Custom field not found');
      return sendHal(reply, customFieldView(request, company, field));
    });
  }
}

const counted = (total: number) => ({ _total_items: total, _page: 1, _page_count: 1 });
