// The public names of the package: what programs that embed playbook, and runners that live elsewhere, may lean on.
// Everything else may change in any version. Each name has its sentence where it is declared.

/** What each exit code means. */
export { EXIT_CODES, type ExitCode } from './cli/exit-codes.ts';
/** Runs a command line and gives its exit code: `await runCommandLine(['check', 'deploy.yml'])`. */
export { runCommandLine } from './cli/program.ts';
export type { RunEvent, RunStatus } from './engine/events.ts';
export type { RunState } from './engine/run-state.ts';
/** What the events of a run add up to: the same state for a live run, a replay and the history. */
export { foldEvents } from './engine/state.ts';
export { type Problem, Problems, Refusal, StepFailure } from './errors.ts';
export type { Plan } from './plan/types.ts';
export { loadPlaybook } from './playbook/load.ts';
export type { Playbook } from './playbook/types.ts';
/** For runners: one value per action, guard, trigger or fact, with its schema beside the code. */
export {
  type Action,
  type Change,
  type Context,
  defineAction,
  defineFacts,
  defineGuard,
  defineTrigger,
  type Facts,
  type Family,
  type Guard,
  type Json,
  type JsonSchema,
  type Look,
  type RunContext,
  type Trigger,
} from './runner/contract.ts';
export { createRegistry, type FamilyEntry, type Registry } from './runner/registry.ts';
