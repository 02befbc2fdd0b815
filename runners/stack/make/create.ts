import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StepFailure } from '../../../src/errors.ts';
import type { Context } from '../../../src/runner/contract.ts';
import { composeChanger } from '../../clients/compose.ts';
import type { ComposeModel } from '../../clients/compose-types.ts';
import type { DockerChanger } from '../../clients/docker-types.ts';
import { shortId } from '../container.ts';
import type { DesiredStack, ObservedContainer, ObservedStack } from '../model.ts';
import { projectContainers } from '../observed.ts';
import { listed } from '../words.ts';
import { needsOtherName, scales, type Work } from './work.ts';

/** What the steps of one `up` share. */
export type Up = {
  desired: DesiredStack;
  observed: ObservedStack;
  works: Work[];
  context: Context;
  docker: DockerChanger;
  /** Its calls end even when the run is cancelled: the engine goes on with a stop, and would undo what an undo has started. */
  uncut: DockerChanger;
};

/** Makes all new containers beside the old ones, stopped, in one call; gives them by service, lowest number first. */
export async function createContainers(up: Up): Promise<Map<string, ObservedContainer[]>> {
  const { desired, observed, works, context, docker } = up;
  const making = works.filter((work) => work.make > 0);
  for (const id of works.flatMap((work) => work.decision.leftovers))
    await docker.remove(id, { anonymousVolumes: true });
  if (making.length === 0) return new Map();
  const before = await projectContainers(docker, desired.project);
  const compose = await composeChanger(context);
  try {
    await compose.create(
      await fileToCreateFrom(up),
      scales(works, desired, observed),
      making.map(({ service }) => service),
    );
  } catch (error) {
    await untilQuiet(up);
    throw error;
  }
  const after = await projectContainers(docker, desired.project);
  checkNoneVanished(before, after);
  const known = new Set(before.map(({ id }) => id));
  const made = Map.groupBy(
    after.filter(({ id }) => !known.has(id)),
    ({ service }) => service,
  );
  for (const work of making) checkMade(work, made.get(work.service) ?? [], desired);
  return made;
}

/** The engine goes on with what Compose had asked for; an undo must not look before that has come to its end. */
async function untilQuiet({ desired, context, uncut }: Up): Promise<void> {
  const never = new AbortController().signal;
  const ids = async () =>
    (await uncut.containers({ project: desired.project }))
      .map(({ Id }) => Id)
      .sort()
      .join();
  for (let before = '', look = 0; look < 10; look += 1) {
    const now = await ids().catch(() => before);
    if (look > 0 && now === before) return;
    before = now;
    await context.clock.sleep(300, never);
  }
}

/** The run's frozen file; where a container's name is taken by the one it replaces, a copy without that name. */
async function fileToCreateFrom({ desired, observed, works, context }: Up): Promise<string> {
  const renamed = works.filter((work) => needsOtherName(work, desired, observed)).map(({ service }) => service);
  if (renamed.length === 0 && context.look.frozen !== undefined) return context.look.frozen;
  const text = context.look.frozen === undefined ? desired.frozen : await readFile(context.look.frozen, 'utf8');
  const model = JSON.parse(text) as ComposeModel;
  for (const service of renamed) delete model.services[service]?.container_name;
  const file = join(context.folder, 'compose-to-create.json');
  await writeFile(file, JSON.stringify(model), { mode: 0o600 });
  return file;
}

function checkNoneVanished(before: readonly ObservedContainer[], after: readonly ObservedContainer[]): void {
  const there = new Set(after.map(({ id }) => id));
  const gone = before.filter(({ id }) => !there.has(id)).map(({ name }) => name);
  if (gone.length === 0) return;
  throw new StepFailure(`${listed(gone)} vanished while the new containers were made.`, {
    class: 'conflict',
    hint: 'Somebody else changes this stack at the same time, or Compose removed what it should have kept.',
  });
}

/** F06: what was made runs exactly the image that was planned. */
function checkMade(work: Work, made: readonly ObservedContainer[], desired: DesiredStack): void {
  if (made.length !== work.make) {
    throw new StepFailure(`Compose made ${made.length} containers of ${work.service}, not ${work.make}.`, {
      class: 'conflict',
    });
  }
  const wanted = work.decision.image_id;
  const other = made.find((container) => container.image_id !== wanted);
  if (!other || wanted === undefined) return;
  const image = desired.services[work.service]?.image ?? '';
  throw new StepFailure(
    `${other.name} was made from ${shortId(other.image_id)}, not from ${shortId(wanted)}: ${image} was moved meanwhile.`,
    { class: 'conflict', hint: 'Run it again: the plan will show the new image.' },
  );
}
