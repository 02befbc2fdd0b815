import type { ProblemCode } from '../playbook/problem-codes.ts';

/** Something wrong in an expression; `start` and `end` count characters of its text. */
export type ExpressionFault = { code: ProblemCode; message: string; hint?: string; start: number; end: number };

/** What is known around the expression besides its types, for better messages. */
export type Surroundings = {
  /** Steps that run only later. */
  later: readonly string[];
  /** Why a step that there is cannot be seen from here, although it may have run. */
  hidden?: (step: string) => { message: string; hint: string } | undefined;
  /** Where the expression stands: `when`, `expect`, … */
  field: string;
};
