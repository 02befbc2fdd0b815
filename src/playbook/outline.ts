import type { Path } from './path.ts';

/** A place that names a runner, with its parameters as written. */
export type Use = {
  kind: 'action' | 'guard';
  path: Path;
  name: string | undefined;
  with: Record<string, unknown> | undefined;
  /** Ids of the steps whose outputs are known there. */
  known: readonly string[];
};

export type GuardOutline = { path: Path; id: string | undefined; use: Use; that: boolean; known: readonly string[] };

export type StepOutline = {
  path: Path;
  list: 'steps' | 'always';
  id: string | undefined;
  use: Use;
  undo: Use | undefined;
  probe: Use | undefined;
  guards: GuardOutline[];
  raw: Record<string, unknown>;
  known: readonly string[];
};

/**
 * The parts of a playbook that the rules look at, read without trust: what has the wrong shape is left out, for it is
 * reported elsewhere, and everything else can still be checked in the same go.
 */
export type Outline = {
  inputs: Record<string, Record<string, unknown>>;
  secrets: readonly string[];
  guards: GuardOutline[];
  steps: StepOutline[];
  always: StepOutline[];
  /** Ids of `steps`, in order. */
  ids: readonly string[];
};

export function outlineOf(value: Record<string, unknown>): Outline {
  const ids = items(value['steps']).flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  const steps = stepsOf(value['steps'], 'steps', []);
  return {
    inputs: Object.fromEntries(Object.entries(map(value['inputs']) ?? {}).map(([name, raw]) => [name, map(raw) ?? {}])),
    secrets: Object.keys(map(value['secrets']) ?? {}),
    guards: guardsOf(value['guards'], ['guards'], []),
    steps,
    always: stepsOf(value['always'], 'always', ids),
    ids,
  };
}

/** Every place that names a runner. */
export function usesOf(outline: Outline): Use[] {
  const ofGuards = (guards: readonly GuardOutline[]) => guards.map(({ use }) => use);
  const ofSteps = [...outline.steps, ...outline.always].flatMap(({ use, undo, probe, guards }) => [
    use,
    ...(undo ? [undo] : []),
    ...(probe ? [probe] : []),
    ...ofGuards(guards),
  ]);
  return [...ofGuards(outline.guards), ...ofSteps];
}

export function allGuards(outline: Outline): GuardOutline[] {
  return [...outline.guards, ...outline.steps.flatMap(({ guards }) => guards)];
}

function stepsOf(value: unknown, list: 'steps' | 'always', before: readonly string[]): StepOutline[] {
  const known = [...before];
  return items(value).map((raw, index) => {
    const path: Path = [list, index];
    const id = text(raw['id']);
    const visible = [...known];
    if (id !== undefined) known.push(id);
    return {
      path,
      list,
      id,
      use: useOf(raw, 'action', path, visible),
      undo: nested(raw, 'undo', path, id === undefined ? visible : [...visible, id]),
      probe: nested(raw, 'probe', path, visible),
      guards: guardsOf(raw['guards'], [...path, 'guards'], visible),
      raw,
      known: visible,
    };
  });
}

function guardsOf(value: unknown, path: Path, known: readonly string[]): GuardOutline[] {
  return items(value).map((raw, index) => ({
    path: [...path, index],
    id: text(raw['id']),
    use: useOf(raw, 'guard', [...path, index], known),
    that: raw['that'] !== undefined,
    known,
  }));
}

function nested(
  raw: Record<string, unknown>,
  key: 'undo' | 'probe',
  path: Path,
  known: readonly string[],
): Use | undefined {
  const inner = map(raw[key]);
  return inner && useOf(inner, 'action', [...path, key], known);
}

function useOf(raw: Record<string, unknown>, kind: Use['kind'], path: Path, known: readonly string[]): Use {
  return { kind, path, name: text(raw['uses']), with: raw['with'] === undefined ? {} : map(raw['with']), known };
}

/** The maps of a list; what is no map keeps its place as an empty one, so that paths stay right. */
function items(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map((item) => map(item) ?? {}) : [];
}

function map(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
