import { shortId } from './container.ts';
import { sayBytes } from './words.ts';

/** `created`: as an engine or a registry writes it; `bytes`: of its layers. */
export type KnownImage = { created?: string | undefined; bytes?: number | undefined };

/** `4e2a… of 2026-11-18, 41 MB`: an image, as far as it is known. A date and no age: the same facts read the same tomorrow. */
export function sayImage(id: string, { created = '', bytes }: KnownImage = {}): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(created)?.[0];
  // Builds that are to come out the same everywhere are dated before there were containers.
  const of = day !== undefined && day >= '2000' ? ` of ${day}` : '';
  return `${shortId(id)}${of}${bytes === undefined ? '' : `, ${sayBytes(bytes)}`}`;
}
