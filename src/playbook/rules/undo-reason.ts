import type { Problem } from '../../errors.ts';
import type { Reading } from '../reading.ts';

/** `undo: none` without a reason leaves the reader of the plan alone; a reason without it says nothing. */
export function undoReason({ outline, locate }: Reading): Problem[] {
  return outline.steps.flatMap(({ path, raw }): Problem[] => {
    const none = raw['undo'] === 'none';
    const because = raw['because'] !== undefined;
    if (none === because) return [];
    const message = none ? '`undo: none` needs `because`' : '`because` goes with `undo: none`';
    const hint = none ? 'say why the step cannot be taken back' : 'add `undo: none`, or remove it';
    return [{ code: 'undo-reason', message, hint, place: locate.key([...path, none ? 'undo' : 'because']) }];
  });
}
