/** A line to the tests' MongoDB that can be slow, or cut and mended. */
import { lineTo, type Line } from '../../chaos/line';

export interface MongoLink extends Pick<Line, 'cut' | 'mend' | 'close'> {
  /** Leads to the same database through the line. */
  uri: string;
}

/** `delayMs` is asked for every piece of an answer; pieces of one connection stay in order. */
export async function linkTo(uri: string, options: { delayMs?: () => number } = {}): Promise<MongoLink> {
  const target = new URL(uri);
  const { port, ...line } = await lineTo({ host: target.hostname, port: Number(target.port) }, options);
  const link = new URL(uri);
  link.port = String(port);
  return { uri: link.href, ...line };
}
