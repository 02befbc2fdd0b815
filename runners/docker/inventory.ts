import type { Change } from '../../src/runner/contract.ts';
import { keptFor, usersOfImage, usersOfVolume } from '../stack/keepers.ts';
import type { EngineImage, EngineVolume, WholeEngine } from '../stack/whole-engine.ts';
import { counted, sayBytes } from '../stack/words.ts';

/** One image as the inventory lists it. Unknown is left out. */
export type ListedImage = {
  id: string;
  names: string[];
  size: number;
  shared?: number;
  used_by: string[];
  kept_for: string[];
};

export type ListedVolume = { name: string; size?: number; project?: string; users: string[]; orphaned: boolean };

export type ImageInventory = { images: ListedImage[]; dangling: number; unused: number; bytes: number; say: string };
export type VolumeInventory = { volumes: ListedVolume[]; orphaned: string[]; bytes: number; say: string };

/** The largest first; `bytes` counts shared layers as often as they are shared where the engine did not say. */
export function imageInventory(engine: WholeEngine): ImageInventory {
  const images = engine.images.map((image) => listedImage(image, engine)).toSorted((a, b) => b.size - a.size);
  const idle = images.filter(({ used_by, kept_for }) => used_by.length === 0 && kept_for.length === 0);
  const bytes = images.reduce((sum, { size, shared = 0 }) => sum + size - shared, 0);
  const dangling = idle.filter(({ names }) => names.length === 0).length;
  const say = `${counted(images.length, 'image')}, ${sayBytes(bytes)}; ${idle.length} of them needed by nothing`;
  return { images, dangling, unused: idle.length, bytes, say };
}

export function volumeInventory(engine: WholeEngine): VolumeInventory {
  const volumes = engine.volumes
    .filter(({ lock }) => !lock)
    .map((volume) => listedVolume(volume, engine))
    .toSorted((a, b) => (b.size ?? 0) - (a.size ?? 0));
  const orphaned = volumes.filter((volume) => volume.orphaned);
  const bytes = volumes.reduce((sum, { size = 0 }) => sum + size, 0);
  const names = orphaned.map(({ name, size }) => `${name}${size === undefined ? '' : ` (${sayBytes(size)})`}`);
  const say = `${counted(volumes.length, 'volume')}, ${sayBytes(bytes)}; no container uses ${sayNames(names)}`;
  return { volumes, orphaned: orphaned.map(({ name }) => name), bytes, say };
}

/** Volumes that no container uses, for a plan: those with a name one by one, as that name is what removes them. */
export function orphansInPlan(engine: WholeEngine): Change[] {
  const orphans = engine.volumes.filter((volume) => !volume.lock && usersOfVolume(volume, engine).length === 0);
  const [unnamed, named] = [
    orphans.filter(({ anonymous }) => anonymous),
    orphans.filter(({ anonymous }) => !anonymous),
  ];
  const largest = named.toSorted((a, b) => (b.size ?? 0) - (a.size ?? 0));
  const [first, rest] = [largest.slice(0, MOST_NAMES), largest.slice(MOST_NAMES)];
  return [
    ...first.map((volume) => stays(`volume ${volume.name}`, `${sayBytesOf([volume], ', ')}no container uses it`)),
    ...(rest.length > 0 ? [stays('what is smaller', ofMany(rest))] : []),
    ...(unnamed.length > 0 ? [stays('what has no name', ofMany(unnamed))] : []),
  ];
}

/** More are not read: the step's outputs have all of them. */
const MOST_NAMES = 12;

function stays(target: string, because: string): Change {
  return { verb: 'keep', target, because: [because], certainty: 'certain' };
}

function ofMany(volumes: readonly EngineVolume[]): string {
  return `${counted(volumes.length, 'volume')}, ${sayBytesOf(volumes, ' in all, ')}no container uses ${volumes.length === 1 ? 'it' : 'them'}`;
}

/** Nothing where the engine could not tell. */
function sayBytesOf(volumes: readonly EngineVolume[], then: string): string {
  const sizes = volumes.flatMap(({ size }) => size ?? []);
  return sizes.length === 0 ? '' : `${sayBytes(sizes.reduce((sum, size) => sum + size, 0))}${then}`;
}

function listedImage(image: EngineImage, engine: WholeEngine): ListedImage {
  const { id, names, digests, size, shared } = image;
  return {
    id,
    names: names.length > 0 ? names : digests,
    size,
    ...(shared !== undefined && { shared }),
    used_by: usersOfImage(image, engine),
    kept_for: [...new Set(keptFor(image))],
  };
}

function listedVolume(volume: EngineVolume, engine: WholeEngine): ListedVolume {
  const { name, size, project } = volume;
  const users = usersOfVolume(volume, engine).map((container) => container.name);
  return {
    name,
    ...(size !== undefined && { size }),
    ...(project !== undefined && { project }),
    users,
    orphaned: users.length === 0,
  };
}

/** Five are enough for a line; the outputs have all of them. */
function sayNames(names: readonly string[]): string {
  if (names.length === 0) return 'none of them';
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
