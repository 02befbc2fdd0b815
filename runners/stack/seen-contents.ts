import { readFile } from 'node:fs/promises';
import type { Look } from '../../src/runner/contract.ts';
import type { ComposeModel } from '../clients/compose-types.ts';
import { unescaped } from '../clients/unescaped.ts';
import { type ContentSource, contentSources, smallFile } from './contents.ts';
import type { ObservedContainer } from './model.ts';

/**
 * Fingerprints of contents as a running container sees them, by service and name: what no release knows, as on the first
 * run on a stack that was started by hand. Read through /proc, so only where the engine is on this machine.
 */
export async function seenContents(
  model: ComposeModel,
  containers: readonly ObservedContainer[],
  known: Readonly<Record<string, string>>,
  look: Look,
): Promise<Record<string, Record<string, string>>> {
  const running = new Map(containers.filter(({ state }) => state === 'running').map((each) => [each.service, each]));
  const seen = [...running].map(async ([service, container]) => {
    const sources = contentSources(model.services[service] ?? {}, model).filter(({ name }) => !(name in known));
    const root = sources.length > 0 ? await rootOf(container) : undefined;
    if (root === undefined) return [service, {}] as const;
    const read = await Promise.all(sources.map(async (each) => [each.name, await seenIn(root, each, look)] as const));
    return [service, Object.fromEntries(read.flatMap(([name, hmac]) => (hmac ? [[name, hmac]] : [])))] as const;
  });
  return Object.fromEntries(await Promise.all(seen));
}

/** The pid may be that of another machine's process: the control group says whose it is here. */
async function rootOf({ id, inspect }: ObservedContainer): Promise<string | undefined> {
  const folder = `/proc/${inspect.State.Pid}`;
  const groups = await readFile(`${folder}/cgroup`, 'utf8').catch(() => '');
  return groups.includes(id) ? `${folder}/root` : undefined;
}

async function seenIn(root: string, source: ContentSource, look: Look): Promise<string | undefined> {
  if (source.content === undefined && source.file === undefined) return undefined;
  const bytes = await smallFile(`${root}${source.target}`);
  if (bytes === undefined) return undefined;
  // An inline content is fingerprinted as the files write it, with `$$` for `$`.
  const { content } = source;
  return look.hmac(content !== undefined && bytes.toString() === unescaped(content) ? content : bytes);
}
