import type { Release } from '../runner/contract.ts';
import { sayAgo, sayTime } from './amounts.ts';
import { clean } from './clean.ts';
import { clip } from './layout.ts';
import type { Style } from './style.ts';
import { printTable } from './table.ts';

/** The releases of a stack, newest first; `current` marks the one that runs. */
export function printReleases(
  given: readonly Release[],
  style: Style,
  view: { now: number; current?: string | undefined },
): string {
  const releases = clean([...given]);
  if (releases.length === 0) return 'No releases yet: the first run records the first one.\n';
  const cells = releases.map((release) => [
    release.id + (release.id === view.current ? ' *' : ''),
    `${sayTime(release.created_at)} UTC`,
    sayAgo(release.created_at, view.now),
    release.commit?.slice(0, 7) ?? '',
    release.run ?? '',
    imagesOf(release),
  ]);
  const [head = '', ...rows] = printTable(['RELEASE', 'RECORDED', 'AGO', 'COMMIT', 'RUN', 'IMAGES'], cells);
  const note = releases.some((release) => release.id === view.current) ? ['* runs now'] : [];
  return [style.strong(clip(head, style.width)), ...rows.map((row) => clip(row, style.width)), ...note]
    .map((line) => `${line}\n`)
    .join('');
}

/** What tells releases apart, without the repository's path: `web:1.5.0, db:16`. */
function imagesOf({ services }: Release): string {
  const names = Object.values(services).map(({ image }) => image.slice(image.lastIndexOf('/') + 1));
  return [...new Set(names)].join(', ');
}

/** A release for programs: what it is made of, without the files and fingerprints. */
export type ReleaseRecord = {
  id: string;
  stack: string;
  current: boolean;
  created_at: string;
  run: string | null;
  commit: string | null;
  profiles: string[];
  services: Record<string, { image: string; image_id: string; digests: string[]; containers: number }>;
};

export function releasesJson(releases: readonly Release[], current: string | undefined): ReleaseRecord[] {
  return releases.map((release) => ({
    id: release.id,
    stack: release.project,
    current: release.id === current,
    created_at: new Date(release.created_at).toISOString(),
    run: release.run ?? null,
    commit: release.commit ?? null,
    profiles: release.profiles,
    services: Object.fromEntries(
      Object.entries(release.services).map(([name, { image, image_id, digests, containers }]) => [
        name,
        { image, image_id, digests, containers },
      ]),
    ),
  }));
}
