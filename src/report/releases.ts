import type { Release } from '../runner/contract.ts';
import { sayAgo } from './amounts.ts';
import { clean } from './clean.ts';
import { clip } from './layout.ts';
import type { Style } from './style.ts';
import { printTable } from './table.ts';

/** A release, whether it is the one that runs, and which images the engine has; left out: it was not asked. */
export type ListedRelease = { release: Release; current: boolean; here?: ReadonlySet<string> };

/** The releases of a stack, newest first: what one needs to choose the one to go back to (F53). */
export function printReleases(given: readonly ListedRelease[], style: Style, now: number): string {
  if (given.length === 0) return 'No releases yet: the first run records the first one.\n';
  const cells = given.map((listed) => row(listed, now));
  const [head = '', ...rows] = printTable(['RELEASE', 'RECORDED', 'COMMIT', 'RUN', 'IMAGES', 'SERVICES'], cells);
  const lines = [style.strong(clip(head, style.width)), ...rows.map((line) => clip(line, style.width))];
  return [...lines, ...notes(given)].map((line) => `${line}\n`).join('');
}

function row({ release: given, current, here }: ListedRelease, now: number): string[] {
  const release = clean(given);
  const { id, created_at, restored, commit = '', run = '' } = release;
  const ids = imagesOf(given);
  const count = here === undefined ? '' : `${ids.filter((image) => here.has(image)).length} of ${ids.length} here`;
  const back = restored === undefined ? '' : `, back ${sayAgo(restored.at, now)}`;
  return [
    id + (current ? ' *' : ''),
    `${sayAgo(created_at, now)}${back}`,
    commit.slice(0, 7),
    run,
    count,
    sayServices(release),
  ];
}

/** What tells releases apart, without the repository's path: `web 1.5.0, db 16 (2)`. */
function sayServices({ services }: Release): string {
  const each = Object.entries(services).map(([name, { image, containers }]) => {
    const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1] ?? image;
    return `${name} ${tag.slice(0, 20)}${containers > 1 ? ` (${containers})` : ''}`;
  });
  return each.join(', ');
}

function notes(listed: readonly ListedRelease[]): string[] {
  const gone = listed.filter(({ release, here }) => here && imagesOf(release).some((id) => !here.has(id)));
  const asked = listed.some(({ here }) => here !== undefined);
  return [
    ...(listed.some(({ current }) => current) ? ['* runs now'] : asked ? ['What runs now is none of them.'] : []),
    ...(gone.length > 0
      ? [`Images of ${gone.map(({ release }) => release.id).join(', ')} are gone: rollback says what can be done.`]
      : []),
    'To go back to one: playbook rollback RELEASE',
  ];
}

function imagesOf({ services }: Release): string[] {
  return [...new Set(Object.values(services).map(({ image_id }) => image_id))];
}

/** A release for programs: what it is made of, without the files and fingerprints. */
export type ReleaseRecord = {
  id: string;
  stack: string;
  /** Null where the engine was not asked. */
  current: boolean | null;
  created_at: string;
  restored_at: string | null;
  run: string | null;
  commit: string | null;
  profiles: string[];
  irreversible: string[];
  services: Record<
    string,
    { image: string; image_id: string; digests: string[]; containers: number; here: boolean | null }
  >;
};

export function releasesJson(listed: readonly ListedRelease[]): ReleaseRecord[] {
  return listed.map(({ release, current, here }) => ({
    id: release.id,
    stack: release.project,
    current: here === undefined ? null : current,
    created_at: new Date(release.created_at).toISOString(),
    restored_at: release.restored === undefined ? null : new Date(release.restored.at).toISOString(),
    run: release.run ?? null,
    commit: release.commit ?? null,
    profiles: release.profiles,
    irreversible: release.irreversible ?? [],
    services: Object.fromEntries(
      Object.entries(release.services).map(([name, { image, image_id, digests, containers }]) => [
        name,
        { image, image_id, digests, containers, here: here === undefined ? null : here.has(image_id) },
      ]),
    ),
  }));
}
