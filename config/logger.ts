/** Structured logs (pino): JSON lines, redacted as they are written, so that no way around it is left. */
import pino, { type Logger } from 'pino';
import { redactJson, redactText } from './redact';

export type { Logger };
export { redactText };

/** An error as type, message (with those of its causes) and stack. Its own fields may hold anything and stay out. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = pino.stdSerializers.err(error);
  return { type, message, stack };
}

/** A logger for one role. Writes JSON lines to standard output, or to `file` (a path or a descriptor) when given. */
export function createLogger(role: string, level: string, file?: string | number): Logger {
  return pino(
    {
      level,
      base: { role },
      serializers: { err: describeError, error: describeError },
      hooks: { streamWrite: (line) => `${JSON.stringify(redactJson(JSON.parse(line)))}\n` },
    },
    file ? pino.destination({ dest: file, mkdir: true, sync: false }) : undefined,
  );
}
