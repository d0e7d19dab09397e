/** The sandbox's levers and counts that a chaos run uses (docs/sandbox.md, Control). */
import { z } from 'zod';
import type { Fault } from './plan';

export interface GupshupControl {
  set(settings: Record<string, number>): Promise<void>;
  /** `slow`: the answer takes `slowMs` of the settings. */
  inject(fault: Fault | 'slow', count: number): Promise<void>;
  /** Injected faults that no send has met yet. */
  faultsLeft(): Promise<number>;
  /** Messages taken so far, and the most within any one second. */
  summary(): Promise<{ accepted: number; busiestSecond: number }>;
  /** Messages taken: the id by the destination, digits only. */
  messages(): Promise<Map<string, string>>;
}

const faultsSchema = z.array(z.looseObject({ left: z.number() }));
const summarySchema = z.looseObject({ accepted: z.number(), busiestSecond: z.number() });
const messagesSchema = z.array(z.looseObject({ messageId: z.string(), destination: z.string() }));

export function createGupshupControl(sandboxUrl: string): GupshupControl {
  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(`/sandbox/gupshup/${path}`, sandboxUrl), {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`sandbox: ${method} ${path}: HTTP ${response.status} ${await response.text()}`);
    return response.json();
  }
  return {
    set: async (settings) => void (await ask('PUT', 'settings', settings)),
    inject: async (fault, count) => void (await ask('POST', 'faults', { kind: fault, count })),
    faultsLeft: async () => faultsSchema.parse(await ask('GET', 'faults')).reduce((sum, { left }) => sum + left, 0),
    summary: async () => summarySchema.parse(await ask('GET', 'summary')),
    messages: async () =>
      new Map(messagesSchema.parse(await ask('GET', 'messages')).map((one) => [one.destination, one.messageId])),
  };
}
