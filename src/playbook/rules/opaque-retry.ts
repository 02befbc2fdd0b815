import type { Problem } from '../../errors.ts';
import type { AnyAction } from '../../runner/contract.ts';
import { valueAt } from '../path.ts';
import type { Reading } from '../reading.ts';

/** A second try of something whose effect nobody can check may do it twice. */
export function opaqueRetry({ outline, runners, locate }: Reading): Problem[] {
  return [...outline.steps, ...outline.always].flatMap(({ path, use, probe, raw }): Problem[] => {
    const runner = use.name === undefined ? undefined : runners.get(use.name);
    const attempts = valueAt(raw, ['retry', 'attempts']);
    const again = typeof attempts === 'number' && attempts > 1;
    if (runner?.kind !== 'action' || !isUnsafeTwice(runner) || !again || probe) return [];
    return [
      {
        code: 'opaque-retry',
        level: 'warning',
        message: `\`${use.name}\` may have had its effect before it failed, and a retry would repeat it`,
        hint: 'add a `probe`, or leave `retry` out',
        place: locate.key([...path, 'retry']),
      },
    ];
  });
}

/** A probed one tells after a cut whether it has happened; a further attempt does it again all the same. */
function isUnsafeTwice({ effect, undo }: AnyAction): boolean {
  return effect === 'opaque' || (effect === 'probed' && typeof undo !== 'function');
}
