import { storeReleases } from '../history/releases.ts';
import type { Store } from '../history/store.ts';
import { printReleases, releasesJson } from '../report/releases.ts';
import type { Release } from '../runner/contract.ts';
import type { Invocation } from './command.ts';
import { type History, readHistory } from './history-access.ts';
import type { StackId } from './look.ts';
import { withStackLook } from './stack-look.ts';
import { stackReads } from './wire.ts';

/** `playbook releases`: what was kept of a stack, newest first. */
export async function releases(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const history = readHistory(invocation);
  try {
    const stacks = await stacksMeant(invocation, history);
    const found = (await Promise.all(stacks.map((stack) => releasesOf(stack, history)))).flat();
    if (flags.json) io.out(`${JSON.stringify(releasesJson(found, undefined), null, 2)}\n`);
    else io.out(printReleases(found, io.style, { now: Date.now() }));
    return 0;
  } finally {
    history.close();
  }
}

/** With `-p` the history alone says it: no engine and no Compose file is needed. */
async function stacksMeant(invocation: Invocation, { store, memory }: History): Promise<StackId[]> {
  const { project } = invocation.flags;
  const known = project === undefined || store === undefined ? [] : stacksNamed(project, store);
  if (known.length > 0) return known;
  return [await withStackLook(invocation, memory, stackReads.header)];
}

function stacksNamed(project: string, store: Store): StackId[] {
  const engines = new Set(store.runs({ project }).map((row) => row.engine_id));
  return [...engines].map((engine_id) => ({ engine_id, project }));
}

async function releasesOf(stack: StackId, { store, dir }: History): Promise<Release[]> {
  return store === undefined ? [] : storeReleases(store, dir, stack).list();
}
