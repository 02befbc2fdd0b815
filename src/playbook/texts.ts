import { type Outline, usesOf } from './outline.ts';
import { type Path, valueAt } from './path.ts';

/** A text that may be a template, and what it may refer to. */
export type Text = { path: Path; text: string; known: readonly string[]; field: string };

/** Every text of the fields that take templates: `target`, `with` and `say`. */
export function textsOf(outline: Outline, value: Record<string, unknown>): Text[] {
  const inTarget = textsIn(value['target'], ['target']).map((found) => ({ ...found, known: [], field: 'target' }));
  const inWith = usesOf(outline).flatMap(({ path, known, with: written }) =>
    textsIn(written, [...path, 'with']).map((found) => ({ ...found, known, field: 'with' })),
  );
  const guards = [...outline.guards, ...outline.steps.flatMap(({ guards: own }) => own)];
  const inSay = guards.flatMap(({ path, known }) => {
    const say = [...path, 'say'];
    return textsIn(valueAt(value, say), say).map((found) => ({ ...found, known, field: 'say' }));
  });
  return [...inTarget, ...inWith, ...inSay];
}

/** All texts below a value, with their paths. */
export function textsIn(value: unknown, path: Path): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}
