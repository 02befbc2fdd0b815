import type { Change, EffectClass, Json, Verdict } from '../runner/contract.ts';
import type { StackHeader } from '../runner/stack-header.ts';

export type { StackHeader } from '../runner/stack-header.ts';

/** What a guard said of this run; `undecided` names the step that will decide it. */
export type GuardVerdict = {
  id: string;
  verdict: Verdict;
  say: string;
  hint?: string;
  evidence?: Json;
  /** The step that will decide it. */
  until?: string;
  /** Who set a no-go aside, by `--override`. */
  overridden_by?: string;
  /** Set where it stands at a step: its own guards, or what its action says. */
  step?: string;
};

/** `open`: stands for whatever the step turns out to do, as nothing is known of it yet. */
export type PlannedChange = Change & { step: string; open?: true; in_batch?: InBatch };

/**
 * A change of one batch stands with its own step (`start[1.2]`); `in_batch` says which of how many of its innermost loop.
 * `size`: how many items the batch has; `delay`: the pause between two batches, in milliseconds.
 */
export type InBatch = { loop: string; batch: number; of: number; size?: number; delay?: number };

/** A trigger as the plan shows it. */
export type PlannedTrigger = {
  id: string;
  uses: string;
  /** What trips it, as a clause: "more than 10 lines like ERROR|FATAL in 1 min". */
  say: string;
  from: string;
  until: string;
  /** How long it watches at least, in milliseconds, as far as it is known before. */
  window?: number;
  /** Why it does not watch: its `when` is false, or its window is empty. */
  off?: string;
};

/** One step of the plan: skipped (`when` is false), planned, or unknown until an earlier step has ended. */
export type PlannedStep = {
  id: string;
  /** `for_each` and `parallel` too; their steps follow them, with `inside` naming them. */
  uses: string;
  inside?: string;
  /** Of a `for_each` whose list is known: how many batches. */
  batches?: number;
  skipped?: string;
  undecided?: string;
  pivot: boolean;
  effect: EffectClass;
  /** Per attempt, milliseconds: the step's own, else the action's. */
  timeout: number;
  /** Where there is no way back from what it does, the reason. */
  no_undo?: string;
};

/** `since`: the release's id. */
export type Drift = { since: string; differences: string[] };

/** What a run would do (`schemas/plan.schema.json`): data that prints as the same text for the same facts. Holds no secret. */
export type Plan = {
  plan_id: string;
  playbook: { name: string; file: string; description?: string };
  stack: StackHeader;
  inputs: Record<string, Json>;
  verdict: 'changes' | 'nothing-to-do' | 'no-go' | 'undecided';
  guards: GuardVerdict[];
  steps: PlannedStep[];
  changes: PlannedChange[];
  triggers: PlannedTrigger[];
  way_back: { until: string; ms?: number; impossible: string[] };
  /** Of earlier runs of this playbook on this stack; `soak_ms` is what of it is watching or pausing in any case. */
  duration: { typical_ms?: number; shortest_ms?: number; longest_ms?: number; runs: number; soak_ms?: number };
  /** Names of variables of the Compose file whose value came from the shell. */
  from_shell: string[];
  /** Who planned: `anna@vm`. */
  by: string;
  /** What was done by hand since the release that was put in place last, one sentence each; left out where there is none. */
  drift?: Drift;
  warnings: string[];
  /** HMACs of everything the plan rests on, by name: what `run --plan` compares. */
  bound: Record<string, string>;
};
