/** Compiles the programs of the image: from each entry over all it imports, TypeScript to JavaScript, JSON as it is. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { transform, type Options } from '@swc/core';
import { preProcessFile } from 'typescript';

/** Compiled like the tests (jest.config.cjs), with source maps for stack traces. */
const OPTIONS: Options = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
  sourceMaps: true,
  inlineSourcesContent: false,
  configFile: false,
  swcrc: false,
};

/** Writes what the entries need below `out`, in the folders it has below `root`. Returns how many files that were. */
export async function compileFrom(root: string, entries: readonly string[], out: string): Promise<number> {
  const files = filesReachedFrom(entries.map((entry) => join(root, entry)));
  for (const file of files) {
    const target = join(out, relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    if (file.endsWith('.ts')) await compile(file, target.replace(/\.ts$/, '.js'));
    else copyFileSync(file, target);
  }
  return files.length;
}

async function compile(file: string, target: string): Promise<void> {
  const { code, map } = await transform(readFileSync(file, 'utf8'), {
    ...OPTIONS,
    filename: file,
    sourceFileName: basename(file),
  });
  writeFileSync(`${target}.map`, map ?? '');
  writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
}

function filesReachedFrom(entries: readonly string[]): string[] {
  const reached = new Set(entries);
  // Grows while it is gone through.
  for (const file of reached) {
    if (!file.endsWith('.ts')) continue;
    for (const { fileName } of preProcessFile(readFileSync(file, 'utf8')).importedFiles) {
      if (fileName.startsWith('.')) reached.add(resolveImport(file, fileName));
    }
  }
  return [...reached];
}

function resolveImport(from: string, name: string): string {
  const path = join(dirname(from), name);
  const candidates = [`${path}.ts`, join(path, 'index.ts'), path];
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  if (!found) throw new Error(`${from} imports ${name}, and none of these exists: ${candidates.join(', ')}`);
  return found;
}
