import { readFile, stat } from 'node:fs/promises';
import type { Look, Release } from '../../src/runner/contract.ts';
import type { ComposeModel, ComposeService, ComposeSource } from '../clients/compose-types.ts';
import { whereItIs } from '../clients/shadow.ts';
import type { DesiredStack } from './model.ts';

/** Larger files are no configuration: neither kept nor compared (DESIGN §8). */
const largest = 1024 * 1024;

/** Fingerprints of what Compose does not hash: contents of configs, secrets and single bound files, by name. */
export async function contentsOf(
  service: ComposeService,
  model: ComposeModel,
  look: Look,
): Promise<Record<string, string>> {
  const sources = contentSources(service, model);
  const found = await Promise.all(sources.map(async (entry) => [entry.name, await fingerprint(entry, look)] as const));
  return Object.fromEntries(found.flatMap(([name, hmac]) => (hmac === undefined ? [] : [[name, hmac]])));
}

/** Names of configs, secrets and files of a release whose content is another by now, or gone. */
export function differingContents({ fingerprints }: Pick<Release, 'fingerprints'>, desired: DesiredStack): string[] {
  const now: Record<string, string> = Object.assign(
    {},
    ...Object.values(desired.services).map(({ contents }) => contents),
  );
  const names = Object.keys(fingerprints).filter((name) => /^(config|secret|file) /.test(name));
  return names.filter((name) => now[name] !== fingerprints[name]).sort();
}

/** Something with a content that gets into a container: what it is called, where it comes from and where it is there. */
export type ContentSource = { name: string; file?: string | undefined; content?: string | undefined; target: string };

/** The configs, secrets and bound paths of a service. */
export function contentSources(service: ComposeService, model: ComposeModel): ContentSource[] {
  return [
    ...(service.configs ?? []).map((use) => source('config', use, model.configs, '')),
    ...(service.secrets ?? []).map((use) => source('secret', use, model.secrets, '/run/secrets')),
    ...(service.volumes ?? []).flatMap((mount) =>
      mount.type === 'bind' && mount.source
        ? [{ name: `file ${mount.source}`, file: mount.source, target: mount.target }]
        : [],
    ),
  ];
}

function source(
  kind: 'config' | 'secret',
  { source: name, target = name }: { source: string; target?: string },
  definitions: Record<string, ComposeSource> | undefined,
  folder: string,
): ContentSource {
  const { file, content } = definitions?.[name] ?? {};
  return { name: `${kind} ${name}`, file, content, target: target.startsWith('/') ? target : `${folder}/${target}` };
}

async function fingerprint(entry: ContentSource, look: Look): Promise<string | undefined> {
  if (entry.content !== undefined) return look.hmac(entry.content);
  if (entry.file === undefined) return undefined;
  const path = whereItIs(look, entry.file);
  return look.resources.once(`stack.content:${path}:${await version(path)}`, async () => {
    const bytes = await smallFile(path);
    return bytes && look.hmac(bytes);
  });
}

async function version(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${found.ino}:${found.size}:${found.mtimeMs}` : 'none';
}

/** A folder, a socket or a file that is not there has no content to compare; check.config says what is missing. */
export async function smallFile(path: string): Promise<Buffer | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() && found.size <= largest ? readFile(path).catch(() => undefined) : undefined;
}
