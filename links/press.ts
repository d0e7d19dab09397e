/** Whether a request is a person who pressed the link, and not what looks at links for previews or safety. */
import type { IncomingHttpHeaders } from 'node:http';
import { isbot } from 'isbot';

/** Those that isbot does not take for what they are. */
const SCANNERS = /safelinks|preview|proofpoint|mimecast|urlscan|virustotal/i;

/** Counts only a GET with a browser's name, which no one sent ahead of a press. */
export function isPress(method: string, headers: IncomingHttpHeaders): boolean {
  const agent = headers['user-agent'] ?? '';
  if (method !== 'GET' || agent === '' || isbot(agent) || SCANNERS.test(agent)) return false;
  const ahead = [headers['purpose'], headers['sec-purpose'], headers['x-moz'], headers['x-purpose']];
  if (ahead.some((value) => /prefetch|prerender|preview/i.test(String(value ?? '')))) return false;
  // Browsers say what they load; a page that opens in a window is a document.
  const [mode, place] = [headers['sec-fetch-mode'], headers['sec-fetch-dest']];
  return (mode === undefined || mode === 'navigate') && (place === undefined || place === 'document');
}
