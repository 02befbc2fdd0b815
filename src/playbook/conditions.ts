import type { GuardOutline, Outline, StepOutline } from './outline.ts';
import type { Path } from './path.ts';

/** A condition of a playbook: where it stands, and what it may ask for. */
export type Condition = {
  path: Path;
  text: string;
  field: string;
  /** Ids of the steps whose outputs it sees. */
  known: readonly string[];
  /** What `result` is: the outputs of this action. */
  result?: string;
  error?: true;
};

/** Every condition of a playbook. */
export function conditionsOf(outline: Outline, value: Record<string, unknown>): Condition[] {
  const of = (holder: unknown, path: Path, field: string, known: readonly string[]): Condition[] => {
    const text = (holder as Record<string, unknown> | undefined)?.[field];
    return typeof text === 'string' ? [{ path: [...path, field], text, field, known }] : [];
  };
  const ofGuard = ({ path, known }: GuardOutline): Condition[] => {
    const raw = rawAt(value, path);
    return [...of(raw, path, 'that', known), ...of(raw, path, 'when', known)];
  };
  const ofStep = (step: StepOutline): Condition[] => {
    const { raw, path, known, use, probe } = step;
    const result = (conditions: Condition[], name: string | undefined) =>
      conditions.map((condition) => ({ ...condition, result: name ?? '' }));
    return [
      ...of(raw, path, 'when', known),
      ...step.guards.flatMap(ofGuard),
      ...result(of(raw, path, 'expect', known), use.name),
      ...of(raw['retry'], [...path, 'retry'], 'if', known).map(
        (condition): Condition => ({ ...condition, error: true }),
      ),
      ...result(of(raw['probe'], [...path, 'probe'], 'done', known), probe?.name),
    ];
  };
  return [...outline.guards.flatMap(ofGuard), ...[...outline.steps, ...outline.always].flatMap(ofStep)];
}

function rawAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], value);
}
