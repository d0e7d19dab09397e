/** What a server's clock says: any HTTP answer carries its time in the header Date (RFC 9110 §6.6.1). */
import { request } from 'undici';

/**
 * By how many milliseconds this machine's clock is ahead of the server's (negative: behind). The header has whole
 * seconds, so half a second more or less is nothing. Rejects when the server does not answer, or without a date.
 */
export async function clockAhead(url: string, signal: AbortSignal): Promise<number> {
  const askedAt = Date.now();
  const { headers, body } = await request(url, { method: 'HEAD', signal });
  await body.dump();
  const between = (askedAt + Date.now()) / 2;
  const serverTime = Date.parse(String(headers['date']));
  if (Number.isNaN(serverTime)) throw new Error(`${new URL(url).host} answers without a date`);
  return Math.round(between - (serverTime + HALF_A_SECOND));
}

const HALF_A_SECOND = 500;
