import { Refusal } from '../../src/errors.ts';
import type { Change, Look, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import { type WholeEngine, wholeEngine } from '../stack/whole-engine.ts';
import { listed, sayBytes } from '../stack/words.ts';
import { orphanedVolumes, whyVolumeStays } from './decide.ts';
import type { PruneOutputs, PruneReceipt } from './outputs.ts';
import { planned, type Removal, removeAll } from './remove.ts';

export type VolumesParams = { names: string[] };

const because = 'it was named for removal';

/** Refuses the whole list where one name must not go: a volume has no copy. */
export async function planVolumes({ names }: VolumesParams, look: Look): Promise<Change[]> {
  const engine = await wholeEngine(look, { sizes: true });
  for (const name of names) {
    const why = whyVolumeStays(name, engine);
    if (why === undefined) continue;
    throw new Refusal('no-go', `The volume ${name} cannot be removed: ${why}.`, { hint: hintFor(engine) });
  }
  return planned(names.map((name) => ({ ...removalOf(name, engine), irreversible: 'what is in it is gone for good' })));
}

export async function pruneVolumes({ names }: VolumesParams, context: RunContext<PruneReceipt>): Promise<PruneOutputs> {
  const engine = await wholeEngine(context.look, { sizes: true });
  const docker = await dockerChanger(context);
  const there = names.filter((name) => engine.volumes.some((volume) => volume.name === name));
  const removals = there.map((name): Removal => {
    const remove = async () => {
      if (whyVolumeStays(name, await wholeEngine(context.look, { sizes: false })) !== undefined) return false;
      await docker.removeVolume(name);
      return true;
    };
    return { ...removalOf(name, engine), remove };
  });
  return removeAll(removals, engine.volumes.length - there.length, context);
}

function removalOf(name: string, { volumes }: WholeEngine): Omit<Removal, 'remove'> {
  const size = volumes.find((volume) => volume.name === name)?.size;
  return { kind: 'volume', id: name, name, because, ...(size !== undefined && { size }) };
}

function hintFor(engine: WholeEngine): string {
  const orphaned = orphanedVolumes(engine).map(
    ({ name, size }) => `${name}${size === undefined ? '' : ` (${sayBytes(size)})`}`,
  );
  if (orphaned.length === 0) return 'Every volume here is used by a container.';
  return `No container uses ${listed(orphaned.slice(0, 10))}${orphaned.length > 10 ? ' and others' : ''}.`;
}
