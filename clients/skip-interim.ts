/**
 * Removes interim answers (1xx) from what a socket reads. Some proxies send an unrequested `100 Continue`; HTTP says to
 * ignore it (RFC 9110, 15.2), but undici 7.30 closes the connection, and the request's fate is then unknown.
 */
import { buildConnector } from 'undici';

/** A complete interim answer at the beginning; 101 is not one, because it ends HTTP. */
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d(?: [^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*\r\n/;
/** An incomplete interim answer. */
const BEGUN = /^HTTP\/1\.[01] 1(?!01)\d\d/;
const STATUS_LINE = 'HTTP/1.1 1';
/** Up to the last digit of the status. */
const STATUS_END = 'HTTP/1.1 100'.length;
/** Longer than any legitimate one: let undici handle it. */
const LONGEST = 16_384;

/** undici's connector, whose sockets drop interim answers. For connections with one request at a time. */
export function connectorSkippingInterim(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (...result) => {
      if (result[1]) skipInterim(result[1]);
      callback(...result);
    });
}

type Socket = NonNullable<Parameters<buildConnector.Callback>[1]>;

function skipInterim(socket: Socket): void {
  const [read, write] = [socket.read.bind(socket), socket.write.bind(socket)];
  // An answer begins after something was written; the middle of an answer is not inspected.
  let isBeginning = true;
  let held: Buffer = Buffer.alloc(0);
  socket.write = ((...values: Parameters<typeof write>) => {
    isBeginning = true;
    return write(...values);
  }) as typeof socket.write;
  socket.read = (size) => {
    for (;;) {
      const chunk = read(size) as Buffer | null;
      if (chunk === null || !isBeginning) return chunk;
      const rest = withoutInterim(Buffer.concat([held, chunk]));
      if (mayBecomeInterim(rest)) {
        held = rest;
        continue;
      }
      held = Buffer.alloc(0);
      isBeginning = false;
      return rest;
    }
  };
}

function withoutInterim(bytes: Buffer): Buffer {
  for (let rest = bytes; ;) {
    const found = INTERIM.exec(rest.subarray(0, LONGEST).toString('latin1'));
    if (!found) return rest;
    rest = rest.subarray(found[0].length);
  }
}

/** Also true when nothing is left: the answer itself is still to come. */
function mayBecomeInterim(bytes: Buffer): boolean {
  if (bytes.length >= LONGEST) return false;
  const start = bytes.subarray(0, STATUS_END).toString('latin1').replace('HTTP/1.0', 'HTTP/1.1');
  return start.length < STATUS_END ? STATUS_LINE.startsWith(start.slice(0, STATUS_LINE.length)) : BEGUN.test(start);
}
