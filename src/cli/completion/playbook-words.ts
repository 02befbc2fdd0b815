import { isMap, isSeq, parseDocument } from 'yaml';
import type { Candidate } from './candidates.ts';

/** An input as it stands in a playbook that may be unfinished; what cannot be read is left out. */
export type InputWord = { name: string; type: string; items?: string; values: string[]; says: string };

/** The inputs of a playbook's text. */
export function inputsIn(text: string): InputWord[] {
  const inputs = parseDocument(text).get('inputs');
  if (!isMap(inputs)) return [];
  return inputs.items.flatMap(({ key, value }) => {
    const shape: unknown = isMap(value) ? value.toJSON() : undefined;
    if (typeof shape !== 'object' || shape === null) return [];
    const { type, items, values, description } = shape as Record<string, unknown>;
    return [
      {
        name: String(key),
        type: String(type),
        values: Array.isArray(values) ? values.map(String) : [],
        says: typeof description === 'string' ? description : '',
        ...(typeof items === 'string' && { items }),
      },
    ];
  });
}

/** Guards that `--override` may name. */
export function guardsIn(text: string): Candidate[] {
  const guards = parseDocument(text).get('guards');
  if (!isSeq(guards)) return [];
  return guards.items.flatMap((guard) => {
    if (!isMap(guard)) return [];
    const id = guard.get('id');
    const says = guard.get('uses') ?? guard.get('that');
    return typeof id === 'string' ? [{ value: id, says: typeof says === 'string' ? says : '' }] : [];
  });
}
