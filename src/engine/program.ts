import type { Plan } from '../plan/types.ts';
import type { Playbook } from '../playbook/types.ts';
import type { Target } from '../runner/contract.ts';
import type { Json } from '../runner/schema.ts';

/** All that a run is bound to, as JSON: pinned in the run's folder, so that editing a file never touches a run under way. */
export type Program = {
  run: string;
  playbook: Playbook;
  /** Resolved when the run began: an undo asks neither the folder it is called in nor the flags again. */
  target: Target;
  inputs: Record<string, Json>;
  /** Names of inputs whose value came from outside and that no `pattern` or `enum` accepted. */
  tainted: string[];
  plan: Plan;
  /** Guard ids set aside by `--override`. */
  overrides: string[];
  started_by: string;
  /**
   * The step that put the files in place from which the stack is made. It changes nothing of the stack itself, and is taken
   * back first: what starts again may read them.
   */
  sources?: string;
};
