import type { Release } from './contract.ts';

/** The release that was put in place last, be it by the run that recorded it or by a rollback. */
export function lastInPlace(newestFirst: readonly Release[]): Release | undefined {
  const since = (release: Release) => release.restored?.at ?? release.created_at;
  return newestFirst.reduce<Release | undefined>(
    (last, release) => (last === undefined || since(release) > since(last) ? release : last),
    undefined,
  );
}

/** Fingerprints of what the stack was made with last, by name; undefined where there is no release. */
export function contentsInPlace(newestFirst: readonly Release[]): Record<string, string> | undefined {
  const last = lastInPlace(newestFirst);
  return last && { ...last.fingerprints, ...last.restored?.contents };
}
