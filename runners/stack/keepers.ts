import type { EngineContainer, EngineImage, EngineVolume, WholeEngine } from './whole-engine.ts';
import { counted, listed } from './words.ts';

/** Names of the containers that use an image, in whatever state: also a stopped one may be started again. */
export function usersOfImage(image: Pick<EngineImage, 'id'>, { containers }: WholeEngine): string[] {
  return containers.filter(({ image_id }) => image_id === image.id).map(({ name }) => name);
}

/** Releases that an image is kept for (`shop r12`): their keep tags are names of the image itself, whoever's they are. */
export function keptFor({ names }: Pick<EngineImage, 'names'>): string[] {
  return names.flatMap((name) => {
    const [, project, release] = /^playbook\/([^/]+)\/[^/]+:(.+)$/.exec(name) ?? [];
    return project === undefined || release === undefined ? [] : [`${project} ${release}`];
  });
}

export function usersOfVolume({ name }: Pick<EngineVolume, 'name'>, { containers }: WholeEngine): EngineContainer[] {
  return containers.filter(({ volumes }) => volumes.includes(name));
}

/** Why an image is needed, as a clause; undefined where nothing needs it. */
export function whyKept(image: EngineImage, engine: WholeEngine): string | undefined {
  const kept = keptFor(image);
  if (kept.length > 0) return `it is kept for ${listed([...new Set(kept)])}`;
  const users = usersOfImage(image, engine);
  if (users.length > 3) return `${counted(users.length, 'container')} use it`;
  if (users.length > 0) return `${listed(users)} ${users.length === 1 ? 'uses' : 'use'} it`;
  const busy = engine.busy.find((project) => image.names.some((name) => belongsTo(name, project)));
  return busy === undefined ? undefined : `a run on ${busy} is not finished`;
}

/** `shop/web:1` and `shop-web` belong to shop. */
function belongsTo(name: string, project: string): boolean {
  return name.startsWith(`${project}/`) || name.startsWith(`${project}-`) || name.startsWith(`playbook/${project}/`);
}
