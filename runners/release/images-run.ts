import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Change, Look, Release, RunContext } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader } from '../clients/docker-types.ts';
import { shortId } from '../stack/container.ts';
import { type MovedName, moveName } from '../stack/moved-name.ts';
import { missingImages, wantedRelease } from '../stack/wanted-release.ts';
import { counted, listed } from '../stack/words.ts';

export type ImagesOutputs = { moved: string[]; say: string };

/** The names that mean another image now; the others are said to stay. Refused where an image is gone (F44). */
export async function planImages(look: Look): Promise<Change[]> {
  const release = wantedRelease(look);
  const docker = await dockerReader(look);
  const gone = await sayGone(release, docker);
  if (gone !== undefined) throw new Refusal('no-go', gone, { hint: 'Choose another release: playbook releases.' });
  return Promise.all(namesOf(release).map((named) => changeOf(named, release, docker)));
}

export async function runImages(context: RunContext<MovedName>): Promise<ImagesOutputs> {
  const release = wantedRelease(context.look);
  const gone = await sayGone(release, await dockerReader(context.look));
  if (gone !== undefined) throw new StepFailure(gone, { class: 'not-found' });
  const moved: string[] = [];
  for (const { name, id } of namesOf(release)) if (await moveName({ name, to: id }, context)) moved.push(name);
  const say =
    moved.length === 0
      ? 'every name means the image of the release already'
      : `${listed(moved)} ${moved.length === 1 ? 'is' : 'are'} what ${moved.length === 1 ? 'it was' : 'they were'} in ${release.id}`;
  return { moved, say };
}

type Named = { name: string; id: string };

/** One image per name: where two services ran different ones of it, the others are made by ID. One by digest cannot move. */
export function namesOf({ services }: Pick<Release, 'services'>): Named[] {
  const names = new Map<string, string>();
  for (const { image, image_id } of Object.values(services)) {
    const fixed = image === '' || image.includes('@') || /^(sha256:)?[0-9a-f]{64}$/.test(image);
    if (!fixed && !names.has(image)) names.set(image, image_id);
  }
  return [...names].map(([name, id]) => ({ name, id })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function changeOf({ name, id }: Named, release: Release, docker: DockerReader): Promise<Change> {
  const now = (await docker.image(name))?.Id;
  const target = `image ${name}`;
  if (now === id)
    return {
      verb: 'keep',
      target,
      because: [`it is the image of ${release.id}`],
      certainty: 'certain',
      binds: { image: id },
    };
  const because = now === undefined ? 'no image has this name any more' : 'the name means another image by now';
  return {
    verb: 'tag',
    target,
    because: [because],
    diff: [{ what: 'image', ...(now !== undefined && { from: shortId(now) }), to: shortId(id) }],
    certainty: 'certain',
    binds: { image: id, ...(now !== undefined && { from: now }) },
  };
}

async function sayGone(release: Release, docker: DockerReader): Promise<string | undefined> {
  const gone = await missingImages(release, docker);
  if (gone.length === 0) return undefined;
  const names = listed(gone.map(({ service, image, image_id }) => `${image} (${shortId(image_id)}, ${service})`));
  return `${counted(gone.length, 'image')} of release ${release.id} ${gone.length === 1 ? 'is' : 'are'} gone: ${names}.`;
}
