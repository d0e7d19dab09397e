/** The account's side of the API: templates, wallet, number, media (gupshup.md#templates). */
import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { refuse, type GupshupContext } from './context';
import { templateRow } from './template-rows';

/** Gupshup takes files up to 100 MB; the sandbox keeps none, it only counts. */
const MEDIA_LIMIT_BYTES = 100 * 1024 * 1024;

export async function registerAccount(
  app: FastifyInstance,
  { sender, state, templates }: GupshupContext,
): Promise<void> {
  await app.register(multipart, { limits: { fileSize: MEDIA_LIMIT_BYTES, files: 1 } });
  const rows = () =>
    templates.map((template) =>
      templateRow(template, sender.appId, state.value.templates[template.id] ?? template.status),
    );

  app.addHook('preHandler', async (request, reply) => {
    const { appId } = request.params as { appId?: string };
    if (appId !== undefined && appId !== sender.appId) return refuse(reply, 400, 'Invalid App Details');
    return undefined;
  });

  app.get('/wa/app/:appId/template', async () => ({ status: 'success', templates: rows() }));

  app.get('/wa/app/:appId/template/:templateId', async (request, reply) => {
    const { templateId } = request.params as { templateId: string };
    const template = rows().find(({ id }) => id === templateId);
    return template ? { status: 'success', template } : refuse(reply, 400, 'Template not found');
  });

  app.get('/sm/api/v2/wallet/balance', async () => ({
    balance: round(state.value.settings.walletBalance),
    status: 'success',
  }));

  app.get('/wa/app/:appId/waba/info', async () => ({
    status: 'success',
    wabaInfo: {
      accountStatus: 'ACTIVE',
      allowedTps: state.value.settings.sendsPerSecond,
      canSendMessage: 'AVAILABLE',
      dockerStatus: 'CONNECTED',
      messagingLimit: state.value.settings.messagingLimit,
      mmLiteStatus: 'ELIGIBLE',
      ownershipType: 'CLIENT_OWNED',
      phone: sender.source,
      phoneQuality: 'GREEN',
      throughput: 'STANDARD',
      timezone: '(GMT+03:00) (Europe/Moscow)',
      utilityRestriction: false,
      verifiedName: 'Светлый дом',
      wabaId: '104996122399160',
      wabaName: 'Светлый дом',
    },
  }));

  app.post('/wa/:appId/wa/media/', async (request, reply) => {
    if (!request.isMultipart()) return refuse(reply, 400, 'Invalid request: expected multipart/form-data');
    const file = await request.file();
    if (file?.fieldname !== 'file') return refuse(reply, 400, 'Invalid request: file: expected a file');
    const size = (await file.toBuffer()).length;
    const mediaId = String(1_939_383_620_240_920 + Object.keys(state.value.media).length);
    state.value.media[mediaId] = { type: file.mimetype, size };
    state.changed();
    return { mediaId, status: 'success' };
  });
}

const round = (dollars: number): number => Math.round(dollars * 1000) / 1000;
