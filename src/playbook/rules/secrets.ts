import type { Problem } from '../../errors.ts';
import { isSecretRef } from '../kinds.ts';
import { suggestion } from '../nearest.ts';
import { usesOf } from '../outline.ts';
import type { Path } from '../path.ts';
import type { Reading } from '../reading.ts';

/** `{ secret: name }` must name a declared secret. */
export function secrets({ outline, locate }: Reading): Problem[] {
  const refs = usesOf(outline).flatMap(({ path, with: written }) => refsIn(written, [...path, 'with']));
  return refs
    .filter(({ name }) => !outline.secrets.includes(name))
    .map(({ name, path }) => ({
      code: 'unknown-secret',
      message: `there is no secret \`${name}\``,
      hint: suggestion(name, outline.secrets, 'there are') ?? 'declare it under `secrets`',
      place: locate.value([...path, 'secret']),
    }));
}

function refsIn(value: unknown, path: Path): { name: string; path: Path }[] {
  if (isSecretRef(value)) return [{ name: value.secret, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => refsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => refsIn(item, [...path, key]));
}
