import { readFile, stat } from 'node:fs/promises';
import type { Look } from '../../src/runner/contract.ts';
import type { ComposeModel, ComposeService, ComposeSource } from '../clients/compose-types.ts';

const largest = 1024 * 1024;

/** Fingerprints of what Compose does not hash: contents of configs, secrets and single bound files, by name. */
export async function contentsOf(
  service: ComposeService,
  model: ComposeModel,
  look: Look,
): Promise<Record<string, string>> {
  const named = [
    ...(service.configs ?? []).map((use) => source('config', use.source, model.configs?.[use.source])),
    ...(service.secrets ?? []).map((use) => source('secret', use.source, model.secrets?.[use.source])),
    ...(service.volumes ?? []).flatMap((mount) =>
      mount.type === 'bind' && mount.source ? [{ name: `file ${mount.source}`, file: mount.source }] : [],
    ),
  ];
  const found = await Promise.all(named.map(async (entry) => [entry.name, await fingerprint(entry, look)] as const));
  return Object.fromEntries(found.flatMap(([name, hmac]) => (hmac === undefined ? [] : [[name, hmac]])));
}

type Source = { name: string; file?: string | undefined; content?: string | undefined };

function source(kind: 'config' | 'secret', name: string, from: ComposeSource | undefined): Source {
  return { name: `${kind} ${name}`, file: from?.file, content: from?.content };
}

async function fingerprint(entry: Source, look: Look): Promise<string | undefined> {
  if (entry.content !== undefined) return look.hmac(entry.content);
  if (entry.file === undefined) return undefined;
  const path = entry.file;
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
async function smallFile(path: string): Promise<Uint8Array | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() && found.size <= largest ? readFile(path).catch(() => undefined) : undefined;
}
