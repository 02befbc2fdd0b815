import type { Json } from '../../src/runner/contract.ts';

/** The value at a JSON pointer (`/checks/0/status`; empty: the whole); undefined where there is nothing. */
export function atPointer(value: Json, pointer: string): Json | undefined {
  if (pointer === '') return value;
  const keys = pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let found: Json | undefined = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Array.isArray(found) ? found[Number(key)] : Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}
