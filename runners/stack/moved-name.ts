import { StepFailure } from '../../src/errors.ts';
import type { Context, Done, RunContext } from '../../src/runner/contract.ts';
import { dockerChanger } from '../clients/docker.ts';
import type { DockerChanger } from '../clients/docker-types.ts';
import { shortId } from './container.ts';
import { dropTag } from './keep-tag.ts';

/**
 * A name that was moved from one image to another; `keep` is a second name that the former image has until all is settled.
 * Left out: the former image is left as it is, with or without a name.
 */
export type MovedName = { did: 'move'; name: string; from: string | null; to: string; keep?: string };

/** Lets a name mean another image; false where it does already. The former image gets its keep tag first. */
export async function moveName(
  wanted: { name: string; to: string; keep?: string },
  context: RunContext<MovedName>,
): Promise<boolean> {
  const docker = await dockerChanger(context);
  const from = (await docker.image(wanted.name))?.Id ?? null;
  if (from === wanted.to) return false;
  await context.record({ did: 'move', ...wanted, from });
  if (from !== null && wanted.keep !== undefined) await docker.tag(from, wanted.keep);
  await docker.tag(wanted.to, wanted.name);
  return true;
}

/** Lets the name mean what it meant before. Whoever moved it by hand since has the last word. */
export async function moveNameBack(receipt: MovedName, context: Context): Promise<Done> {
  const { name, from, to, keep } = receipt;
  const docker = await dockerChanger(context);
  const now = (await docker.image(name))?.Id ?? null;
  if (now !== null && now !== to && now !== from) {
    return { say: `${name} stays on ${shortId(now)}: it was moved by someone else` };
  }
  if (now === from) {
    if (keep !== undefined) await dropTag(docker, keep);
    return undefined;
  }
  if (from === null) return (await dropTag(docker, name)) ? { say: `${name} is gone again` } : undefined;
  if ((await docker.image(from)) === undefined) throw formerImageGone(receipt);
  await docker.tag(from, name);
  if (keep !== undefined) await dropTag(docker, keep);
  await removeNameless(to, docker);
  return { say: `${name} is ${shortId(from)} again` };
}

/** There is no way back any more: the former image needs no name of ours. */
export async function forgetFormerImage(receipt: MovedName, context: Context): Promise<Done> {
  const docker = await dockerChanger(context);
  if (receipt.keep !== undefined) await dropTag(docker, receipt.keep);
  return undefined;
}

/** What a build of this run made has no name any more: many failed deploys must not fill the disk (F58). */
async function removeNameless(id: string, docker: DockerChanger): Promise<void> {
  const image = await docker.image(id);
  const names = [...(image?.RepoTags ?? []), ...(image?.RepoDigests ?? [])];
  if (image && names.length === 0) await dropTag(docker, id);
}

function formerImageGone({ name, from }: MovedName): StepFailure {
  return new StepFailure(`The image that ${name} was before (${from}) is gone: someone removed it.`, {
    class: 'not-found',
    hint: `Pull or build the former version, and name it ${name}.`,
  });
}
