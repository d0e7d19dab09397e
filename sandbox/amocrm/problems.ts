/** amoCRM's refusals: problem+json bodies and the gateway's HTML pages (amocrm.md#errors-and-limits). */
import type { FastifyReply } from 'fastify';

/** One entry of `validation-errors`. */
export interface FieldError {
  code: 'NotSupportedChoice' | 'InvalidType';
  path: string;
  detail: string;
}

/** Thrown by handlers; the error handler writes it as problem+json. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly more: Record<string, unknown> = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
};

export function sendProblem(reply: FastifyReply, { status, detail, more }: Problem): FastifyReply {
  const title = TITLES[status] ?? 'Error';
  const body = { title, type: `https://httpstatus.es/${status}`, status, detail, ...more };
  return reply.code(status).header('content-type', 'application/problem+json').send(JSON.stringify(body));
}

/** A page of the gateway in front of amoCRM, as it answers 403, 429 and 504. */
export function sendGatewayPage(reply: FastifyReply, status: 403 | 429 | 504): FastifyReply {
  const title = `${status} ${status === 504 ? 'Gateway Time-out' : TITLES[status]}`;
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return reply.code(status).header('content-type', 'text/html').send(page);
}

/** 400 with the errors of each item, by the item's request_id. */
export function validationProblem(errors: Map<string, FieldError[]>): Problem {
  const list = [...errors].map(([request_id, fieldErrors]) => ({ request_id, errors: fieldErrors }));
  return new Problem(400, 'Request validation failed', { 'validation-errors': list });
}

/** 400 for a value of one item that isn't among the possible ones. */
export function unknownChoice(request_id: string, path: string): Problem {
  const detail = 'The value you selected is not a valid choice.';
  return validationProblem(new Map([[request_id, [{ code: 'NotSupportedChoice', path, detail }]]]));
}
