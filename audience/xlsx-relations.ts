/**
 * Finds a workbook's parts by the package's relationships and content types, never by name (ECMA-376 part 2, §9–10).
 */
import { posix } from 'node:path';
import { FileRefused } from './table';
import type { XlsxPackage } from './xlsx-package';

export interface Relation {
  id: string;
  /** The last word of its URI, the same in both namespaces of the standard: `worksheet`, `styles`, … */
  type: string;
  part: string;
}

/** The parts that a part refers to; empty if none. Throws FileRefused. */
export async function relationsOf(parts: XlsxPackage, part: string): Promise<Relation[]> {
  const folder = posix.dirname(part);
  const list = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const relations: Relation[] = [];
  if (!parts.has(list)) return relations;
  await drain(
    parts.read(list, {
      open: (name, { Id = '', Type = '', Target = '', TargetMode = '' }) => {
        if (name !== 'Relationship' || /external/i.test(TargetMode)) return;
        relations.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), part: resolved(folder, Target) });
      },
    }),
  );
  return relations;
}

/** The workbook part. Throws FileRefused `file_xls_old` (a binary workbook), `file_not_text` (another kind of file). */
export async function workbookPart(parts: XlsxPackage): Promise<string> {
  const named = (await relationsOf(parts, '')).find(({ type }) => type === 'officeDocument')?.part;
  const candidates = [named, await workbookByContentType(parts), 'xl/workbook.xml', 'xl/workbook.bin'];
  const found = candidates.find((part) => part !== undefined && parts.has(part));
  if (found?.toLowerCase().endsWith('.bin')) throw new FileRefused('file_xls_old');
  // Word and PowerPoint files have a main document as well.
  if (found === undefined || /^(?:word|ppt)\//i.test(found)) throw new FileRefused('file_not_text');
  return found;
}

async function workbookByContentType(parts: XlsxPackage): Promise<string | undefined> {
  let found: string | undefined;
  if (!parts.has('[Content_Types].xml')) return found;
  await drain(
    parts.read('[Content_Types].xml', {
      open: (name, { PartName = '', ContentType = '' }) => {
        if (name === 'Override' && /(?:sheet|template)(?:\.\w+)?\.main\b/i.test(ContentType)) found ??= resolved('', PartName);
      },
    }),
  ); // prettier-ignore
  return found;
}

/** A target is relative to the folder of the part that names it, or begins with a slash. */
function resolved(folder: string, target: string): string {
  let plain = target.replaceAll('\\', '/');
  try {
    plain = decodeURIComponent(plain);
  } catch {
    // A bare per cent sign stands for itself.
  }
  return posix.join(plain.startsWith('/') ? '' : folder, plain).replace(/^\/+/, '');
}

/** Reads a part to its end. */
export async function drain(pieces: AsyncIterator<unknown, void>): Promise<void> {
  while (!(await pieces.next()).done);
}
