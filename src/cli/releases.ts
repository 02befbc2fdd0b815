import { storeReleases } from '../history/releases.ts';
import type { Store } from '../history/store.ts';
import { printReleases, releasesJson } from '../report/releases.ts';
import type { Release } from '../runner/contract.ts';
import type { Invocation } from './command.ts';
import { driftFrom } from './drift.ts';
import { type History, readHistory } from './history-access.ts';
import type { StackId } from './look.ts';
import { withStackLook } from './stack-look.ts';
import { stackReads } from './wire.ts';

/** `playbook releases`: what was kept of a stack, newest first. */
export async function releases(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const history = readHistory(invocation);
  try {
    const { found, current } = await readReleases(invocation, history);
    if (flags.json) io.out(`${JSON.stringify(releasesJson(found, current), null, 2)}\n`);
    else io.out(printReleases(found, io.style, { now: Date.now(), current }));
    return 0;
  } finally {
    history.close();
  }
}

type Found = { found: Release[]; current?: string | undefined };

/** With `-p` the history alone says it: no engine and no Compose file is needed, and what runs is not known. */
async function readReleases(invocation: Invocation, history: History): Promise<Found> {
  const { project } = invocation.flags;
  const stacks = project === undefined || !history.store ? [] : stacksNamed(project, history.store);
  if (stacks.length > 0)
    return { found: (await Promise.all(stacks.map((stack) => releasesOf(stack, history)))).flat() };
  return withStackLook(invocation, history.memory, async (look) => {
    const found = await releasesOf(await stackReads.header(look), history);
    const services = found.length === 0 ? [] : await stackReads.services(look);
    return { found, current: found.find((release) => driftFrom(release, services).length === 0)?.id };
  });
}

function stacksNamed(project: string, store: Store): StackId[] {
  const engines = new Set(store.runs({ project }).map((row) => row.engine_id));
  return [...engines].map((engine_id) => ({ engine_id, project }));
}

async function releasesOf(stack: StackId, { store, dir }: History): Promise<Release[]> {
  return store === undefined ? [] : storeReleases(store, dir, stack).list();
}
