/** Files both ways: uploads, file_id, getFile, size limits (telegram.md#methods-and-limits). */
import type { Message } from '../../sandbox/telegram/types';
import { ADMIN, startTelegram, TOKEN, type TestTelegram } from './telegram-support';

let telegram: TestTelegram;

beforeEach(async () => {
  telegram = await startTelegram();
});
afterEach(() => telegram.stop());

describe('files in the Telegram sandbox', () => {
  const upload = (field: string, bytes: Uint8Array<ArrayBuffer>, name: string, more: Record<string, string> = {}) => {
    const form = new FormData();
    form.set('chat_id', String(ADMIN));
    for (const [key, value] of Object.entries(more)) form.set(key, value);
    form.set(field, new Blob([bytes], { type: 'text/csv' }), name);
    return form;
  };
  const post = async <T = Message>(method: string, body: FormData) =>
    (await (await fetch(`${telegram.url}/bot${TOKEN}/${method}`, { method: 'POST', body })).json()) as {
      ok: boolean;
      result: T;
      description: string;
    };
  const csv = Buffer.from('phone\n+79991234567\n');

  it('a document is sent, sent again by file_id, found by getFile and downloaded', async () => {
    await telegram.opened();
    const { result } = await post(
      'sendDocument',
      upload('document', csv, 'отчёт.csv', { caption: '<b>Отчёт</b>', parse_mode: 'HTML' }),
    );
    expect(result).toMatchObject({
      caption: 'Отчёт',
      caption_entities: [{ type: 'bold', offset: 0, length: 5 }],
      document: { file_name: 'отчёт.csv', mime_type: 'text/csv', file_size: csv.length },
    });
    const again = await telegram.done('sendDocument', { chat_id: ADMIN, document: result.document!.file_id });
    expect(again.document).toEqual(result.document);
    const file = await telegram.done<{ file_path: string }>('getFile', { file_id: result.document!.file_id });
    const bytes = await (await fetch(`${telegram.url}/file/bot${TOKEN}/${file.file_path}`)).arrayBuffer();
    expect(Buffer.from(bytes)).toEqual(csv);
  });

  it('an album refers to its parts by attach:// and counts once', async () => {
    await telegram.opened();
    const media = ['a', 'b'].map((part) => ({ type: 'document', media: `attach://${part}` }));
    const form = upload('a', csv, 'a.csv', { media: JSON.stringify(media) });
    form.set('b', new Blob([csv]), 'b.csv');
    const { result } = await post<Message[]>('sendMediaGroup', form);
    expect(result.map((message) => message.document?.file_name)).toEqual(['a.csv', 'b.csv']);
    expect(new Set(result.map((message) => message.media_group_id)).size).toBe(1);
  });

  it('what is no picture is no photo, and a wrong id is no file', async () => {
    await telegram.opened();
    expect(await post('sendPhoto', upload('photo', csv, 'x.png'))).toMatchObject({
      description: 'Bad Request: IMAGE_PROCESS_FAILED',
    });
    expect(await telegram.bot('getFile', { file_id: 'x' })).toMatchObject({
      description: 'Bad Request: wrong file_id or the file is temporarily unavailable',
    });
    expect(await telegram.bot('sendDocument', { chat_id: ADMIN, document: 'attach://none' })).toMatchObject({
      description: 'Bad Request: there is no document in the request',
    });
  });

  it('a person may upload more than getFile serves', async () => {
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(20 * 1024 * 1024 + 1)]), 'big.csv');
    await fetch(`${telegram.url}/sandbox/telegram/chats/${ADMIN}/document`, { method: 'POST', body: form });
    const [update] = await telegram.updates();
    expect(await telegram.bot('getFile', { file_id: update!.message!.document!.file_id })).toMatchObject({
      status: 400,
      description: 'Bad Request: file is too big',
    });
  });

  it('an upload over 50 MB is too large', async () => {
    await telegram.opened();
    const big = upload('document', new Uint8Array(50 * 1024 * 1024 + 1), 'big.bin');
    expect(await post('sendDocument', big)).toMatchObject({ error_code: 413, description: 'Request Entity Too Large' });
  });
});
