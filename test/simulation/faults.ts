import { Refusal, StepFailure } from '../../src/errors.ts';
import type { Random } from './seed.ts';

/** What becomes of a request. */
export type Fate =
  /** It happens, and the answer comes at once. */
  | 'well'
  /** It happens, and the answer comes later. */
  | 'late'
  /** It does not happen, and an error says so. */
  | 'refused'
  /** It happens, and an error says that it did not. */
  | 'answer lost'
  /** No answer, until the one who waits is told to stop. */
  | 'hangs'
  /** The same, and being told to stop is not heard either for a while. */
  | 'deaf'
  /** It happens twice. */
  | 'twice';

/** How often what goes wrong in one simulation. Each seed has its own, so that some see much of one kind and none of another. */
export type Faults = {
  fates: Record<Fate, number>;
  /** An answer of the store, or of a file, that fails: full disk, folder gone. */
  disk: number;
  /** Killed right after an event was stored, before anybody knows. */
  killAfterEvent: number;
  /** What people, machines and clocks do, per move. */
  outside: number;
  outsideLeft: number;
};

export function faultsOf(random: Random): Faults {
  const often = (...rates: number[]) => random.pick(rates);
  return {
    fates: {
      well: 100,
      late: often(0, 10, 40),
      refused: often(0, 0, 0, 1, 4),
      'answer lost': often(0, 0, 0, 1, 4),
      hangs: often(0, 0, 0, 0.5, 3),
      deaf: often(0, 0, 0, 0, 2),
      twice: often(0, 0, 5),
    },
    disk: often(0, 0, 0, 0.01),
    killAfterEvent: often(0, 0, 0.02, 0.08),
    outside: often(0, 0.01, 0.03),
    outsideLeft: random.between(1, 5),
  };
}

/** What the engine, or what stands between, says when it goes wrong. */
export function someError(random: Random): Error {
  const kind = random.weighted({ transient: 4, unavailable: 3, conflict: 1, exit: 2, bug: 1 });
  if (kind === 'unavailable') return away();
  if (kind === 'bug') return new TypeError('cannot read properties of undefined');
  return new StepFailure(`the engine says ${kind}`, { class: kind });
}

/** The same of what looks at the whole stack: it turns all that it meets into a failure. */
export function someFailure(random: Random): Error {
  const error = someError(random);
  return error instanceof TypeError ? away() : error;
}

export function away(): Error {
  return new Refusal('unavailable', 'the engine does not answer');
}
