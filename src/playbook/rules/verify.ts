import type { Problem } from '../../errors.ts';
import { suggestion } from '../nearest.ts';
import { type Path, valueAt } from '../path.ts';
import type { Reading } from '../reading.ts';

/** `rollback.verify` names steps that only look: after an undo nothing may be changed again. */
export function verify(reading: Reading): Problem[] {
  const names = valueAt(reading.value, ['rollback', 'verify']);
  if (!Array.isArray(names)) return [];
  return names.flatMap((name, index) =>
    typeof name === 'string' ? problemOf(name, ['rollback', 'verify', index], reading) : [],
  );
}

function problemOf(name: string, path: Path, { outline, runners, locate }: Reading): Problem[] {
  const place = locate.value(path);
  const step = outline.steps.find(({ id }) => id === name);
  if (!step && outline.blocks.some(({ id }) => id === name)) {
    const message = `\`${name}\` is no step of its own, so it cannot verify an undo`;
    return [{ code: 'bad-value', message, hint: 'name a plain step that only looks', place }];
  }
  if (!step) {
    const hint = suggestion(name, outline.ids, 'steps are');
    return [{ code: 'unknown-step', message: `there is no step \`${name}\``, ...(hint && { hint }), place }];
  }
  if (step.loops.length > 0) {
    const message = `\`${name}\` stands inside of a loop, so it cannot verify an undo`;
    return [{ code: 'bad-value', message, hint: 'name a step that runs once for all', place }];
  }
  const runner = step.use.name === undefined ? undefined : runners.get(step.use.name);
  if (runner?.kind !== 'action' || runner.effect === 'pure') return [];
  const message = `\`${name}\` (${step.use.name}) changes things, so it cannot verify an undo`;
  return [{ code: 'bad-value', message, hint: 'name a step that only looks, such as one with `health.wait`', place }];
}
