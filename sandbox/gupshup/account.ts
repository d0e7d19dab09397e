/** The account's side of the API: templates, wallet, number, media (gupshup.md#templates). */
import { randomInt } from 'node:crypto';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse, type GupshupContext } from './context';
import { templateRow } from './template-rows';

const MEGABYTE = 1024 * 1024;
/** Gupshup takes files up to 100 MB (gupshup.md#templates); the sandbox keeps none, it only counts. */
const MEDIA_LIMIT_BYTES = 100 * MEGABYTE;
/** What WhatsApp takes, by MIME type, and how large (gupshup.md#rules). The words of a refusal are the sandbox's own. */
const MEDIA_LIMITS: readonly [type: RegExp, bytes: number][] = [
  [/^image\/(jpeg|png)$/, 5 * MEGABYTE],
  [/^video\/(mp4|3gpp)$/, 16 * MEGABYTE],
  [/^(text\/plain|application\/(pdf|msword|vnd\.[\w.-]+))$/, MEDIA_LIMIT_BYTES],
];

export async function registerAccount(
  app: FastifyInstance,
  { sender, state, templates }: GupshupContext,
): Promise<void> {
  await app.register(multipart, { limits: { fileSize: MEDIA_LIMIT_BYTES, files: 1 } });
  // Once deleted through the API; the control's DELETED stays in the list.
  const isDeleted = (id: string): boolean =>
    state.value.templates[id] === 'DELETED' &&
    state.value.deletedNames.includes(templates.find((one) => one.id === id)?.name ?? '');
  const rows = () =>
    templates
      .filter(({ id }) => !isDeleted(id))
      .map((template) => templateRow(template, sender.appId, state.value.templates[template.id] ?? template.status));

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
    const { file, type: given } = await readUpload(request);
    if (!file) return refuse(reply, 400, 'Invalid request: file: expected a file');
    const { bytes, mimetype } = file;
    if (!bytes) return refuse(reply, 400, `Invalid file size: expected at most ${MEDIA_LIMIT_BYTES} bytes`);
    if (given !== mimetype) return refuse(reply, 400, 'Invalid request: file_type: expected that of the file');
    const [, limit] = MEDIA_LIMITS.find(([type]) => type.test(mimetype)) ?? [];
    if (limit === undefined) return refuse(reply, 400, `Invalid file type: ${mimetype}`);
    if (bytes.length > limit) return refuse(reply, 400, `Invalid file size: expected at most ${limit} bytes`);
    // Another app does not know it.
    const mediaId = `1${String(randomInt(10 ** 14)).padStart(15, '0')}`;
    state.value.media[mediaId] = { type: mimetype, size: bytes.length, at: Date.now() };
    state.changed();
    return { mediaId, status: 'success' };
  });
}

/** The form's file, without bytes when it is larger than any that is taken, and its `file_type`. */
async function readUpload(
  request: FastifyRequest,
): Promise<{ file?: { mimetype: string; bytes: Buffer | undefined }; type?: unknown }> {
  const form: Awaited<ReturnType<typeof readUpload>> = {};
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer().catch(() => undefined);
      if (part.fieldname === 'file') form.file = { mimetype: part.mimetype, bytes };
    } else if (part.fieldname === 'file_type') form.type = part.value;
  }
  return form;
}

const round = (dollars: number): number => Math.round(dollars * 1000) / 1000;
