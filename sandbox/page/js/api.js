// The sandbox's own HTTP interface, as functions.
import { language } from './strings.js';

async function call(path, options) {
  const response = await fetch(`/sandbox/${path}`, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? body.message ?? `HTTP ${response.status}`);
  return body;
}

const post = (path, body) =>
  call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export const fileUrl = (fileId) => `/sandbox/telegram/files/${encodeURIComponent(fileId)}`;

export const telegram = {
  info: () => call(`telegram?lang=${language}`),
  chat: (userId) => call(`telegram/chats/${userId}`),
  write: (userId, text) => post(`telegram/chats/${userId}/message`, { text }),
  press: (userId, messageId, data) => post(`telegram/chats/${userId}/press`, { messageId, data }),
  setBlocked: (userId, blocked) => post(`telegram/chats/${userId}/${blocked ? 'block' : 'unblock'}`, {}),
  upload(userId, file, caption = '') {
    const form = new FormData();
    if (caption) form.set('caption', caption);
    form.set('file', file, file.name);
    const as = /^image\/(png|jpeg|webp)$/.test(file.type) ? 'photo' : 'document';
    return call(`telegram/chats/${userId}/${as}`, { method: 'POST', body: form });
  },
};

export const whatsapp = {
  messages: (limit) => call(`whatsapp/messages?limit=${limit}`),
  /** `answer`: {text} or {button, messageId}. */
  reply: (phone, answer) => post(`whatsapp/${phone}/reply`, answer),
  /** How many messages stand in each state, all of them counted. */
  states: async () => (await call('gupshup/summary')).states,
};

/** Listens to the live stream. `onBack` runs at each (re)connection: what was missed must be read anew. */
export function listen({ onTelegram, onWhatsapp, onBack, onLost }) {
  const source = new EventSource('/sandbox/events');
  source.addEventListener('open', onBack);
  source.addEventListener('error', onLost);
  source.addEventListener('telegram', (event) => onTelegram(JSON.parse(event.data)));
  source.addEventListener('whatsapp', (event) => onWhatsapp(JSON.parse(event.data)));
}
