/**
 * The image's bill of materials: every npm package in it with its version, licence and checksum, as CycloneDX 1.6. By what
 * was copied, not by what package.json asks for: what is left out is not in it. The base image and the crates inside
 * Temporal's core are not listed.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands at the top of the image's files. */
export const SBOM_FILE = 'sbom.cdx.json';

export interface Component {
  type: 'library' | 'application';
  'bom-ref': string;
  group?: string;
  name: string;
  version: string;
  purl: string;
  licenses: ({ license: { id: string } } | { expression: string })[];
  hashes?: { alg: 'SHA-512'; content: string }[];
}

export interface Sbom {
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  serialNumber: string;
  version: 1;
  metadata: { component: Component };
  components: Component[];
}

interface PackageJson {
  name: string;
  version: string;
  license?: string | { type?: string };
  licenses?: { type: string }[];
}

/** `paths` are those of the packages below `root`. The same packages make the same document. */
export function sbomOf(root: string, paths: readonly string[]): Sbom {
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  const packages = new Map(paths.map((path) => [path, componentOf(packageAt(root, path), locked[path]?.integrity)]));
  // One version may be there several times, nested in different packages.
  const components = [...new Map([...packages.values()].map((one) => [one['bom-ref'], one])).values()];
  const digest = createHash('sha256').update(JSON.stringify(components)).digest('hex');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    // A UUID of the contents (version 8: made by the application's own rule).
    serialNumber: `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`,
    version: 1,
    metadata: { component: { ...componentOf(packageAt(root, ''), undefined), type: 'application' } },
    components,
  };
}

function packageAt(root: string, path: string): PackageJson {
  return JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as PackageJson;
}

function componentOf(found: PackageJson, integrity: string | undefined): Component {
  const { name: whole, version } = found;
  const [, group, name = whole] = /^(@[^/]+)\/(.+)$/.exec(whole) ?? [];
  const purl = `pkg:npm/${group ? `${encodeURIComponent(group)}/` : ''}${name}@${version}`;
  const sha512 = /sha512-(\S+)/.exec(integrity ?? '')?.[1];
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group && { group }),
    name,
    version,
    purl,
    licenses: [licenceOf(found)],
    ...(sha512 && { hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }] }),
  };
}

/** Packages of which only a file LICENSE says it, by name and the version that was looked at. */
const LICENCE_FILES: Readonly<Record<string, string>> = { 'png-js@2.0.0': 'MIT' };

function licenceOf({ name, version, license, licenses }: PackageJson): Component['licenses'][number] {
  const text =
    (typeof license === 'string' ? license : license?.type) ??
    licenses?.map(({ type }) => type).join(' OR ') ??
    LICENCE_FILES[`${name}@${version}`];
  if (!text) return { expression: 'NOASSERTION' };
  return /^[\w.+-]+$/.test(text) ? { license: { id: text } } : { expression: text };
}
