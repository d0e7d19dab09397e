/** Plans and writes settings to `.env`: only missing ones; where values differ, the present one stays. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Finds, FoundSetting } from './finds';

interface Entry {
  name: string;
  /** Where the older program had it. */
  from: string;
}

export interface EnvPlan {
  file: string;
  /** Written, or to be written. */
  write: (Entry & { value: string })[];
  /** Already present with the same value. */
  same: Entry[];
  /** Left as they are: the file has another value, or the older program has two. `force` overwrites the former. */
  conflicts: (Entry & { why: string })[];
}

/** Writes nothing yet. `environment`: variables set outside the file, which override it. */
export function planEnv(
  file: string,
  { settings, admins }: Pick<Finds, 'settings' | 'admins'>,
  { environment, force }: { environment: NodeJS.ProcessEnv; force: boolean },
): EnvPlan {
  const present = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const plan: EnvPlan = { file, write: [], same: [], conflicts: [] };
  for (const [name, found] of byName(settings)) {
    const [first] = found;
    const from = found.map((one) => `${one.file}:${one.line}`).join(', ');
    if (new Set(found.map(({ value }) => value)).size > 1) {
      plan.conflicts.push({ name, from, why: 'the older program has several values: none is taken' });
    } else decide(name, first!.value, from);
  }
  if (admins.length > 0) decideAdmins();
  return plan;

  function decide(name: string, value: string, from: string): void {
    const [inFile, outside] = [present[name]?.trim(), environment[name]?.trim()];
    if ((outside || inFile) === value) plan.same.push({ name, from });
    else if (!inFile && !outside) plan.write.push({ name, value, from });
    else if (outside) {
      plan.conflicts.push({ name, from, why: 'the environment has another value, which wins over any file' });
    } else if (force) plan.write.push({ name, value, from });
    else plan.conflicts.push({ name, from, why: `${file} has another value, which stays; --force overwrites it` });
  }

  /** Rights are never granted silently: admins are added to existing ones only by force. */
  function decideAdmins(): void {
    const text = (environment['ADMIN_IDS'] || present['ADMIN_IDS'])?.trim();
    const now = (text ?? '')
      .split(',')
      .map((id) => id.trim())
      .filter(Boolean);
    const missing = admins.map(String).filter((id) => !now.includes(id));
    const value = [...now, ...missing].join(',');
    if (missing.length === 0) plan.same.push({ name: 'ADMIN_IDS', from: 'admins' });
    else if (!text || (force && !environment['ADMIN_IDS']))
      plan.write.push({ name: 'ADMIN_IDS', value, from: 'admins' });
    else {
      const why = `set already, without ${missing.join(', ')}; --force adds them to those in ${file}`;
      plan.conflicts.push({ name: 'ADMIN_IDS', from: 'admins', why });
    }
  }
}

function byName(settings: readonly FoundSetting[]): Map<string, FoundSetting[]> {
  const groups = new Map<string, FoundSetting[]>();
  for (const setting of settings) groups.set(setting.name, [...(groups.get(setting.name) ?? []), setting]);
  return groups;
}

/** Writes the file completely or not at all, readable only by its owner; other content stays. */
export function writeEnv({ file, write }: EnvPlan): void {
  if (write.length === 0) return;
  let text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const added: string[] = [];
  for (const { name, value } of write) {
    const line = `${name}=${quoted(value)}`;
    const old = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'm');
    if (old.test(text)) text = text.replace(old, () => line);
    else added.push(line);
  }
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  if (added.length > 0) text += `${gap}# From the older program (import-legacy)\n${added.join('\n')}\n`;
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}

function quoted(value: string): string {
  if (/^[\w.:/@,+=~?&%-]*$/.test(value)) return value;
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
