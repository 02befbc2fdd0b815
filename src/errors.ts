import type { LintCode } from './playbook/lint/all.ts';
import type { ProblemCode } from './playbook/problem-codes.ts';

/** Where something stands in a file; lines and columns count from 1, as editors do. */
export type Place = { file: string; line: number; column: number; length?: number };

/** How bad a problem is: with an error a playbook cannot be used; a notice is worth a thought. */
export type Level = 'error' | 'warning' | 'notice';

/** One thing that is wrong with what the user gave us; collected, never thrown one by one. */
export type Problem = {
  /** Stable; `playbook explain CODE` tells why and how to mend it. */
  code: ProblemCode | LintCode;
  /** What is wrong, as one sentence without a full stop. */
  message: string;
  /** What is allowed, or what to do next. */
  hint?: string;
  place?: Place;
  /** The other place that has to do with it: the first of two equal ids. */
  other?: { place: Place; message: string };
  /** Left out: an error. */
  level?: Level;
  /** What `check --fix` does about it: only where nothing else could have been meant. */
  mend?: Mend;
};

/** `text` in place of the characters that `place` covers; its length may reach over the end of a line. */
export type Mend = { place: Place; text: string };

/** The user's input cannot be used; carries every problem that was found (exit 2). */
export class Problems extends Error {
  override readonly name = 'Problems';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join('; '));
    this.problems = problems;
  }
}

/** What kind of failure it was; `retry.if` asks for it as `error.class`. */
export type FailureClass =
  | 'transient'
  | 'unhealthy'
  | 'timeout'
  | 'auth'
  | 'conflict'
  | 'not-found'
  | 'exit'
  | 'expectation'
  | 'guard'
  | 'unavailable'
  | 'cancelled'
  | 'opaque';

/** A step, an undo or a check that did not end as it should: the run decides what follows. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly class: FailureClass;
  /** What a person can do about it. */
  readonly hint: string | undefined;
  /** The last lines of output that explain it, masked. */
  readonly lines: readonly string[];

  constructor(
    message: string,
    details: { class: FailureClass; hint?: string; lines?: readonly string[]; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.class = details.class;
    this.hint = details.hint;
    this.lines = details.lines ?? [];
  }
}

/** Why a command is refused before anything was changed; `cli/exit-codes.ts` gives each its number. */
export type RefusalReason = 'usage' | 'no-go' | 'declined' | 'locked' | 'stale-plan' | 'unavailable' | 'needs-decision';

/** The command cannot be carried out, and nothing was changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reason: RefusalReason;
  readonly hint: string | undefined;

  constructor(reason: RefusalReason, message: string, details: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.reason = reason;
    this.hint = details.hint;
  }
}

/** A bug of ours (exit 1): something that the code holds for impossible. */
export class Defect extends Error {
  override readonly name = 'Defect';
}
