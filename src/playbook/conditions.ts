import type { GuardOutline, Outline, Sight, StepOutline } from './outline.ts';
import { type Path, valueAt } from './path.ts';

/** A condition of a playbook, or the list of a loop: where it stands, and what it may ask for. */
export type Condition = {
  path: Path;
  text: string;
  field: string;
  /** What `result` is: the outputs of this action. */
  result?: string;
  error?: true;
  /** What `sample` is: that of this trigger. */
  sample?: string;
  /** What it has to be: `in` a list, all others true or false. */
  list?: true;
} & Sight;

/** Every condition of a playbook. */
export function conditionsOf(outline: Outline, value: Record<string, unknown>): Condition[] {
  const of = (path: Path, field: string, { known, loops }: Sight): Condition[] => {
    const text = valueAt(value, [...path, field]);
    return typeof text === 'string' ? [{ path: [...path, field], text, field, known, loops }] : [];
  };
  const ofGuard = (guard: GuardOutline): Condition[] => [
    ...of(guard.path, 'that', guard),
    ...of(guard.path, 'when', guard),
  ];
  const ofStep = (step: StepOutline): Condition[] => {
    const { path, use, probe } = step;
    const result = (conditions: Condition[], name: string | undefined) =>
      conditions.map((condition) => ({ ...condition, result: name ?? '' }));
    return [
      ...of(path, 'when', step),
      ...step.guards.flatMap(ofGuard),
      ...result(of(path, 'expect', step), use.name),
      ...of([...path, 'retry'], 'if', step).map((condition): Condition => ({ ...condition, error: true })),
      ...result(of([...path, 'probe'], 'done', step), probe?.name),
    ];
  };
  return [
    ...outline.guards.flatMap(ofGuard),
    ...[...outline.steps, ...outline.always].flatMap(ofStep),
    ...outline.blocks.flatMap((block) => [
      ...of(block.path, 'when', block),
      ...of([...block.path, 'for_each'], 'in', block).map((condition): Condition => ({ ...condition, list: true })),
    ]),
    ...outline.triggers.flatMap((trigger) => [
      ...of(trigger.path, 'when', trigger),
      ...of(trigger.path, 'bad', trigger).map((found) => ({ ...found, sample: trigger.use.name ?? '' })),
    ]),
  ];
}
