/** Reads docker-compose.yml as Docker does, as far as ours goes: merges, interpolation, environment, secrets. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Service {
  image?: string;
  build?: unknown;
  command?: string[];
  entrypoint?: string[];
  environment?: Record<string, string | number | null>;
  healthcheck?: { test: string[] };
  restart?: string;
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  configs?: { source: string; target: string }[];
  secrets?: string[];
  profiles?: string[];
  networks?: string[];
  ports?: string[];
  stop_grace_period?: string;
  [other: string]: unknown;
}

export interface Compose {
  services: Record<string, Service>;
  configs?: Record<string, { content?: string; file?: string }>;
  secrets?: Record<string, { file?: string; environment?: string }>;
  volumes?: Record<string, unknown>;
  networks?: Record<string, unknown>;
}

/**
 * The file with its merges done and `${NAME}` filled from `env`; `$$` is a dollar. Throws for a form it does not know.
 */
export function readCompose(path: string, env: NodeJS.ProcessEnv): Compose {
  return fill(parse(readFileSync(path, 'utf8'), { merge: true }), env) as Compose;
}

/**
 * A service's environment as its process gets it: a name without a value is handed through from `env`, if it is there.
 */
export function environmentOf(service: Service, env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service.environment ?? {}).flatMap(([name, value]): [string, string][] => {
      const given = value === null ? env[name] : String(value);
      return given === undefined ? [] : [[name, given]];
    }),
  );
}

function fill(value: unknown, env: NodeJS.ProcessEnv): unknown {
  if (typeof value === 'string') return interpolate(value, env);
  if (Array.isArray(value)) return value.map((one) => fill(one, env));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, env)]));
}

/** `$$`, `${NAME}`, `${NAME:-default}`, and anything else that begins with a dollar. */
const FORMS = /\$(?:(\$)|\{(\w+)(?::-([^}]*))?\}|(.?))/g;

function interpolate(text: string, env: NodeJS.ProcessEnv): string {
  return text.replace(FORMS, (form, dollar?: string, name?: string, fallback = '') => {
    if (dollar) return '$';
    if (name) return env[name] || fallback;
    throw new Error(`docker-compose.yml: expected $$, \${NAME} or \${NAME:-default}, got ${form} in: ${text}`);
  });
}
