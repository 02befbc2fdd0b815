import { readFile, stat } from 'node:fs/promises';
import type { DesiredStack } from '../stack/model.ts';

const largest = 1024 * 1024;

/** The files of configs and secrets, and single bound files up to 1 MB, as JSON of base64 by path: a release keeps them (0600). */
export async function contentsOf(desired: DesiredStack): Promise<Uint8Array> {
  const found: Record<string, string> = {};
  for (const path of [...new Set(pathsOf(desired))].sort()) {
    const bytes = await smallFile(path);
    if (bytes) found[path] = bytes.toString('base64');
  }
  return Buffer.from(JSON.stringify(found));
}

/** Only what a service of this release uses. */
function pathsOf({ model, services }: DesiredStack): string[] {
  return Object.values(services).flatMap(({ config }) => [
    ...(config.configs ?? []).flatMap(({ source }) => model.configs?.[source]?.file ?? []),
    ...(config.secrets ?? []).flatMap(({ source }) => model.secrets?.[source]?.file ?? []),
    ...(config.volumes ?? []).flatMap(({ type, source }) => (type === 'bind' && source ? [source] : [])),
  ]);
}

/** A folder, a socket, a big file or one that may not be read is named by the plan, not kept. */
async function smallFile(path: string): Promise<Buffer | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size > largest) return undefined;
  return readFile(path).catch(() => undefined);
}
