/** The bytes of an uploaded file as text, whatever encoding Excel chose; refuses what is no text. */
import { done, refused, type Result } from '../config/errors';

/** First bytes of what people send by mistake: xlsx and docx (zip), xls (OLE), PDF, gzip, RTF. */
const NOT_TEXT = ['504b0304', 'd0cf11e0', '25504446', '1f8b', '7b5c727466'];

/** Text with `\n` line ends and without BOM. Refuses `file_not_text`. */
export function decodeText(bytes: Buffer): Result<string> {
  const start = bytes.subarray(0, 8).toString('hex');
  if (NOT_TEXT.some((signature) => start.startsWith(signature))) return refused('file_not_text');
  const text = decode(bytes).replace(/\r\n?/g, '\n');
  return isTable(text) ? done(text) : refused('file_not_text');
}

function decode(bytes: Buffer): string {
  const bom = bytes.subarray(0, 2).toString('hex');
  if (bom === 'fffe') return new TextDecoder('utf-16le').decode(bytes);
  if (bom === 'feff') return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Russian Excel saves CSV in this encoding.
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

function isTable(text: string): boolean {
  // Control characters are what gives binary data away.
  if (/[\u0000-\u0008\u000e-\u001f]/.test(text)) return false;
  const trimmed = text.trimStart();
  if (/^<(!doctype|html|\?xml|table)/i.test(trimmed)) return false;
  return !(/^[[{]/.test(trimmed) && isJson(trimmed));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
