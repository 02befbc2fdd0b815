import { type Outline, type Sight, usesOf } from './outline.ts';
import { type Path, valueAt } from './path.ts';

/** A text that may be a template, and what it may refer to. */
export type Text = { path: Path; text: string; field: string } & Sight;

/** Every text of the fields that take templates: `target`, `with`, `say`, and `batch` and `delay` of a loop. */
export function textsOf(outline: Outline, value: Record<string, unknown>): Text[] {
  const inTarget = textsIn(value['target'], ['target']).map((found) => ({
    ...found,
    known: [],
    loops: [],
    field: 'target',
  }));
  const inWith = usesOf(outline).flatMap(({ path, known, loops, with: written }) =>
    textsIn(written, [...path, 'with']).map((found) => ({ ...found, known, loops, field: 'with' })),
  );
  const guards = [...outline.guards, ...outline.steps.flatMap(({ guards: own }) => own)];
  const at = (path: Path, field: string, { known, loops }: Sight): Text[] => {
    const text = valueAt(value, path);
    return typeof text === 'string' ? [{ path, text, field, known, loops }] : [];
  };
  const inSay = guards.flatMap((guard) => at([...guard.path, 'say'], 'say', guard));
  const inLoops = outline.blocks.flatMap((block) =>
    ['batch', 'delay'].flatMap((field) => at([...block.path, 'for_each', field], field, block)),
  );
  return [...inTarget, ...inWith, ...inSay, ...inLoops];
}

/** All texts below a value, with their paths. */
export function textsIn(value: unknown, path: Path): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}
