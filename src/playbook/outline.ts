import type { Path } from './path.ts';
import { defaultFrom, type Top } from './windows.ts';

/** A place that names a runner, with its parameters as written. */
export type Use = {
  kind: 'action' | 'guard' | 'trigger';
  path: Path;
  name: string | undefined;
  with: Record<string, unknown> | undefined;
} & Sight;

/** What can be named at a place. */
export type Sight = {
  /** Ids of the steps whose outputs are known there. */
  known: readonly string[];
  /** The loops around it, outermost first. */
  loops: readonly LoopOutline[];
};

export type GuardOutline = { path: Path; id: string | undefined; use: Use; that: boolean } & Sight;

/** A plain step, wherever it stands. */
export type StepOutline = {
  path: Path;
  list: 'steps' | 'always';
  id: string | undefined;
  use: Use;
  undo: Use | undefined;
  probe: Use | undefined;
  guards: GuardOutline[];
  raw: Record<string, unknown>;
  /** Not inside of `parallel` or `for_each`. */
  top: boolean;
} & Sight;

/** A `parallel` or a `for_each`; `known` and `loops` are those of its own condition. */
export type BlockOutline = {
  path: Path;
  kind: 'parallel' | 'for_each';
  id: string | undefined;
  raw: Record<string, unknown>;
} & Sight;

/** A loop and its variable; of a wrong shape nothing is known. */
export type LoopOutline = BlockOutline & {
  kind: 'for_each';
  as: string | undefined;
  in: string | undefined;
  batched: boolean;
};

/** `use` holds `every` among its parameters; `from` is filled in where it is left out. */
export type TriggerOutline = {
  path: Path;
  id: string | undefined;
  use: Use;
  raw: Record<string, unknown>;
  from: string;
  until: string | undefined;
} & Sight;

/** A step of the first level; `after` are the ids that are known when it has ended. */
export type TopOutline = Top & { path: Path; raw: Record<string, unknown>; after: readonly string[] };

/**
 * The parts of a playbook that the rules look at, read without trust: what has the wrong shape is left out, for it is
 * reported elsewhere, and everything else can still be checked in the same go.
 */
export type Outline = {
  inputs: Record<string, Record<string, unknown>>;
  secrets: readonly string[];
  guards: GuardOutline[];
  /** Plain steps at any depth, in the order of the file. */
  steps: StepOutline[];
  blocks: (BlockOutline | LoopOutline)[];
  always: StepOutline[];
  triggers: TriggerOutline[];
  /** Ids that are known after the last step, in order. */
  ids: readonly string[];
  /** The steps of the first level, blocks included, in order. */
  tops: readonly TopOutline[];
};

export function outlineOf(value: Record<string, unknown>): Outline {
  const found: Found = { steps: [], blocks: [] };
  const tops = readTops(value['steps'], found);
  const ids = tops.at(-1)?.after ?? [];
  const always: Found = { steps: [], blocks: [] };
  readNodes(value['always'], { path: ['always'], list: 'always', known: ids, loops: [] }, always);
  return {
    inputs: Object.fromEntries(Object.entries(map(value['inputs']) ?? {}).map(([name, raw]) => [name, map(raw) ?? {}])),
    secrets: Object.keys(map(value['secrets']) ?? {}),
    guards: guardsOf(value['guards'], ['guards'], { known: [], loops: [] }),
    ...found,
    always: always.steps,
    triggers: triggersOf(map(value['rollback'])?.['triggers'], tops),
    ids,
    tops,
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
  return [...ofGuards(outline.guards), ...ofSteps, ...outline.triggers.map(({ use }) => use)];
}

export function allGuards(outline: Outline): GuardOutline[] {
  return [...outline.guards, ...outline.steps.flatMap(({ guards }) => guards)];
}

type Found = { steps: StepOutline[]; blocks: (BlockOutline | LoopOutline)[] };
type Around = Sight & { path: Path; list: 'steps' | 'always'; inside?: true };

function readTops(value: unknown, found: Found): TopOutline[] {
  let after: readonly string[] = [];
  return items(value).map((raw, index) => {
    const path: Path = ['steps', index];
    const before = found.steps.length;
    after = [...after, ...readNode(raw, { path, list: 'steps', known: after, loops: [] }, found)];
    const uses = found.steps.slice(before).flatMap(({ use }) => use.name ?? []);
    return { id: text(raw['id']), pivot: raw['pivot'] === true, uses, path, raw, after };
  });
}

/** Reads a list of steps; gives the ids that are known after it. */
function readNodes(value: unknown, around: Around, found: Found): string[] {
  const known = [...around.known];
  for (const [index, raw] of items(value).entries()) {
    const path = [...around.path, index];
    known.push(...readNode(raw, { ...around, path, known: [...known] }, found));
  }
  return known;
}

/** Reads one step; gives the ids that become known by it. */
function readNode(raw: Record<string, unknown>, here: Around, found: Found): string[] {
  const id = text(raw['id']);
  const own = id === undefined ? [] : [id];
  const { path, known, loops } = here;
  if (raw['for_each'] !== undefined || raw['do'] !== undefined) {
    const loop = loopOf(raw, here);
    found.blocks.push(loop);
    readNodes(raw['do'], { ...here, path: [...path, 'do'], loops: [...loops, loop], inside: true }, found);
    return own;
  }
  if (raw['parallel'] !== undefined) {
    found.blocks.push({ path, kind: 'parallel', id, raw, known, loops });
    // They go on at the same time, so none of them sees another; what follows sees all.
    const inner = items(raw['parallel']).map((child, index) =>
      readNode(child, { ...here, path: [...path, 'parallel', index], inside: true }, found),
    );
    return [...inner.flat(), ...own];
  }
  found.steps.push(stepOf(raw, here));
  return own;
}

function stepOf(raw: Record<string, unknown>, here: Around): StepOutline {
  const { path, list, known, loops, inside } = here;
  const id = text(raw['id']);
  const sight = { known, loops };
  return {
    path,
    list,
    id,
    use: useOf(raw, 'action', path, sight),
    undo: nested(raw, 'undo', path, { loops, known: id === undefined ? known : [...known, id] }),
    probe: nested(raw, 'probe', path, sight),
    guards: guardsOf(raw['guards'], [...path, 'guards'], sight),
    raw,
    top: !inside,
    ...sight,
  };
}

function loopOf(raw: Record<string, unknown>, { path, known, loops }: Around): LoopOutline {
  const over = map(raw['for_each']) ?? {};
  const batched = over['batch'] !== undefined;
  return {
    path,
    kind: 'for_each',
    id: text(raw['id']),
    raw,
    known,
    loops,
    as: text(over['as']),
    in: text(over['in']),
    batched,
  };
}

/** A trigger sees what is known when it begins to watch. */
function triggersOf(value: unknown, tops: readonly TopOutline[]): TriggerOutline[] {
  return items(value).map((raw, index) => {
    const path: Path = ['rollback', 'triggers', index];
    const [from, until] = [text(raw['from']) ?? defaultFrom(tops, text(raw['until'])), text(raw['until'])];
    const sight = { known: tops.find(({ id }) => id === from)?.after ?? [], loops: [] };
    const every = raw['every'] === undefined ? {} : { every: raw['every'] };
    const use = useOf(raw, 'trigger', path, sight);
    return {
      path,
      id: text(raw['id']),
      use: { ...use, with: use.with && { ...use.with, ...every } },
      raw,
      from,
      until,
      ...sight,
    };
  });
}

function guardsOf(value: unknown, path: Path, sight: Sight): GuardOutline[] {
  return items(value).map((raw, index) => ({
    path: [...path, index],
    id: text(raw['id']),
    use: useOf(raw, 'guard', [...path, index], sight),
    that: raw['that'] !== undefined,
    ...sight,
  }));
}

function nested(raw: Record<string, unknown>, key: 'undo' | 'probe', path: Path, sight: Sight): Use | undefined {
  const inner = map(raw[key]);
  return inner && useOf(inner, 'action', [...path, key], sight);
}

function useOf(raw: Record<string, unknown>, kind: Use['kind'], path: Path, sight: Sight): Use {
  return { kind, path, name: text(raw['uses']), with: raw['with'] === undefined ? {} : map(raw['with']), ...sight };
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
