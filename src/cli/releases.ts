import { storeReleases } from '../history/releases.ts';
import type { Store } from '../history/store.ts';
import { jsonText } from '../report/gate.ts';
import { type ListedRelease, printReleases, releasesJson } from '../report/releases.ts';
import type { Look, Release } from '../runner/contract.ts';
import type { Invocation } from './command.ts';
import { releaseThatRuns } from './drift.ts';
import { type History, readHistory } from './history-access.ts';
import type { StackId } from './look.ts';
import { stackIdOf } from './stack-id.ts';
import { withStackLook } from './stack-look.ts';
import { engineReader, stackReads } from './wire.ts';

/** `playbook releases`: what was kept of a stack, newest first, and what one needs to choose from it. */
export async function releases(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const history = readHistory(invocation);
  try {
    const listed = await readReleases(invocation, history);
    if (flags.json) io.out(`${jsonText(releasesJson(listed), 2)}\n`);
    else io.out(printReleases(listed, io.style, Date.now()));
    return 0;
  } finally {
    history.close();
  }
}

/** With `-p` the history alone says it: no Compose file is needed, and where the engine is away, what runs is not known. */
async function readReleases(invocation: Invocation, history: History): Promise<ListedRelease[]> {
  const { project } = invocation.flags;
  const stacks = project === undefined || !history.store ? [] : stacksNamed(project, history.store);
  return withStackLook(invocation, history.memory, async (look) => {
    if (stacks.length === 0) return list(await stackIdOf(look), history, look);
    const here = await engineReader(look)
      .then((docker) => docker.version())
      .catch(() => undefined);
    const each = stacks.map((stack) => list(stack, history, stack.engine_id === here?.id ? look : undefined));
    return (await Promise.all(each)).flat();
  });
}

/** `look`: where the engine of this stack is the one that answers. */
async function list(stack: StackId, { store, dir }: History, look: Look | undefined): Promise<ListedRelease[]> {
  const found = store === undefined ? [] : await storeReleases(store, dir, stack).list();
  if (look === undefined || found.length === 0) return found.map((release) => ({ release, current: false }));
  const current = releaseThatRuns(found, await stackReads.present(look, stack.project, found));
  const here = await imagesHere(found, look);
  return found.map((release) => ({ release, current: release === current, here }));
}

/** IDs of the images of these releases that the engine has. */
async function imagesHere(found: readonly Release[], look: Look): Promise<ReadonlySet<string>> {
  const docker = await engineReader(look);
  const ids = [...new Set(found.flatMap(({ services }) => Object.values(services).map(({ image_id }) => image_id)))];
  const there = await Promise.all(ids.map((id) => docker.image(id)));
  return new Set(ids.filter((_id, index) => there[index] !== undefined));
}

function stacksNamed(project: string, store: Store): StackId[] {
  const engines = new Set(store.runs({ project }).map((row) => row.engine_id));
  return [...engines].map((engine_id) => ({ engine_id, project }));
}
