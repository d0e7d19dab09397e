/** A service of ours that cannot be reached at start, said so that the reader knows which, where, and what to look at. */

/** MongoDB or Temporal does not answer at its address. */
export class ServiceUnreachable extends Error {
  constructor(
    readonly service: 'MongoDB' | 'Temporal',
    /** host:port, or several; never with a password. */
    readonly address: string,
    /** The setting that names it. */
    readonly setting: string,
    cause: unknown,
  ) {
    super(
      `${service} at ${address} does not answer (${reasonOf(cause)}): check that it runs there and that ${setting} is right`,
      { cause },
    );
    this.name = 'ServiceUnreachable';
  }
}

/** The first line, once: drivers repeat it for each address and inner error. */
function reasonOf(cause: unknown): string {
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return [...new Set(line.split(/:\s(?=connect |getaddrinfo )/))].join(': ').replace(/[.\s]+$/, '');
}
