import { Problems, Refusal, StepFailure } from '../errors.ts';
import { CouldNotEvaluate } from '../expression/condition.ts';
import type { RunError } from './events.ts';

/** What was thrown, as the journal keeps it: classified, and with every secret taken out. */
export function runError(thrown: unknown, mask: (text: string) => string): RunError {
  const { class: kind, message, hint, lines } = classified(thrown);
  return {
    class: kind,
    message: mask(message),
    ...(hint === undefined ? {} : { hint: mask(hint) }),
    ...(lines && lines.length > 0 ? { lines: lines.map(mask) } : {}),
  };
}

/** Whether the engine or the network is away: no verdict on the step, and no reason to call an undo failed. */
export function isOutOfReach(thrown: unknown): boolean {
  if (thrown instanceof Refusal) return thrown.reason === 'unavailable';
  return thrown instanceof StepFailure && thrown.class === 'unavailable';
}

type Classified = Omit<RunError, 'lines'> & { lines?: readonly string[] };

function classified(thrown: unknown): Classified {
  if (thrown instanceof StepFailure)
    return { class: thrown.class, message: thrown.message, lines: thrown.lines, ...hinted(thrown.hint) };
  if (thrown instanceof Refusal)
    return { class: refusalClass(thrown), message: thrown.message, ...hinted(thrown.hint) };
  if (thrown instanceof CouldNotEvaluate) return { class: 'guard', message: thrown.message };
  if (thrown instanceof Problems) return { class: 'guard', message: thrown.message };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const lines = thrown instanceof Error ? (thrown.stack ?? '').split('\n').slice(1, 6) : [];
  return { class: 'opaque', message, hint: 'This is a bug in playbook: please report it with these lines.', lines };
}

function refusalClass(refusal: Refusal): RunError['class'] {
  if (refusal.reason === 'unavailable') return 'unavailable';
  return refusal.reason === 'no-go' ? 'guard' : 'conflict';
}

function hinted(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}
