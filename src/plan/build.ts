import type { Actor } from '../engine/events.ts';
import { Refusal } from '../errors.ts';
import type { Scope } from '../expression/scope.ts';
import { factsNeeded } from '../facts/needed.ts';
import { plainSteps } from '../playbook/nodes.ts';
import type { GuardUse, Playbook } from '../playbook/types.ts';
import type { Change, Json, Look } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import { realChanges } from './changes.ts';
import { type Draft, emptyDraft } from './draft.ts';
import { bindFacts, planId } from './fingerprint.ts';
import { forecastDuration } from './forecast.ts';
import { type JudgeOptions, judgeGuard } from './guards.ts';
import { scopeTypes } from './scope-types.ts';
import { planSteps } from './steps.ts';
import { planTriggers } from './triggers.ts';
import type { Drift, GuardVerdict, Plan, PlannedTrigger, StackHeader } from './types.ts';
import { wayBackOf } from './way-back.ts';

export type PlanOptions = {
  playbook: Playbook;
  inputs: Record<string, Json>;
  /** Names of inputs that came from outside and that nothing has accepted. */
  tainted: readonly string[];
  registry: Registry;
  look: Look;
  header: StackHeader;
  facts(names: readonly string[]): Promise<Record<string, Json>>;
  overrides: readonly string[];
  actor: Actor;
  now: number;
  /** How long earlier runs of this playbook on this stack took, in milliseconds. */
  durations?: readonly number[];
  /** Names of the Compose file's variables that came from the shell. */
  from_shell?: readonly string[];
  drift?: Drift;
};

/**
 * What a run would do, from reads alone. Gates are asked first; behind a closed one nothing is planned, and every other guard
 * says that it waits. Then the steps are planned, and the guards judge what they would change.
 */
export async function buildPlan(options: PlanOptions): Promise<Plan> {
  mustKnow(options.overrides, options.playbook);
  const types = await scopeTypes(options.playbook, options.registry);
  const bare: Scope = { inputs: options.inputs, facts: {}, steps: {}, tainted: options.tainted, types };
  const gates = await judgeGates(options, bare);
  const closed = [...gates.values()].find(objects);
  if (closed) return finished(options, emptyDraft(), { guards: behind(closed, options.playbook, gates), triggers: [] });
  const scope: Scope = { ...bare, facts: await options.facts(factsNeeded(options.playbook)) };
  const draft = await planSteps({ ...options, scope });
  const { triggers, verdicts } = await planTriggers(draft, { ...options, scope });
  const guards = await judgeAll({ ...options, gates }, scope, draft);
  const against = verdicts.map((verdict) => overridden(verdict, options));
  return finished(options, draft, { guards: [...guards, ...against], triggers });
}

/** A misspelt id would set nothing aside, and nobody would notice. */
function mustKnow(overrides: readonly string[], playbook: Playbook): void {
  const triggers = playbook.rollback === 'never' ? [] : playbook.rollback.triggers;
  const guards = [...playbook.guards, ...plainSteps(playbook.steps).flatMap((step) => step.guards)];
  const known = [...guards, ...triggers].map(({ id }) => id);
  const unknown = overrides.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  const hint = known.length === 0 ? 'This playbook has no guards.' : `Its guards are ${known.join(', ')}.`;
  throw new Refusal('usage', `--override ${unknown}: this playbook has no guard of that name`, { hint });
}

async function judgeGates(options: PlanOptions, scope: Scope): Promise<Map<string, GuardVerdict>> {
  const gates = new Map<string, GuardVerdict>();
  for (const use of options.playbook.guards) {
    if (await isGate(use, options.registry)) gates.set(use.id, await judgeGuard(use, asking(options, scope, [])));
  }
  return gates;
}

/** One that has a condition is asked with the others: facts cannot be read yet. */
async function isGate(use: GuardUse, registry: Registry): Promise<boolean> {
  const runner = use.uses === undefined || use.when !== undefined ? undefined : await registry.find(use.uses);
  return runner?.kind === 'guard' && runner.gate === true;
}

/** What is left to say behind a closed gate: its sentence once, and that the others wait for it. */
function behind(closed: GuardVerdict, playbook: Playbook, gates: ReadonlyMap<string, GuardVerdict>): GuardVerdict[] {
  return playbook.guards.map(
    (use) => gates.get(use.id) ?? { id: use.id, verdict: 'undecided', say: `not judged, as \`${closed.id}\` is no-go` },
  );
}

type Judging = PlanOptions & { gates: ReadonlyMap<string, GuardVerdict> };

async function judgeAll(options: Judging, scope: Scope, draft: Draft): Promise<GuardVerdict[]> {
  const pending = draft.steps.filter((step) => step.skipped === undefined).map((step) => step.id);
  const guards: GuardVerdict[] = [];
  for (const use of options.playbook.guards) {
    const judged =
      options.gates.get(use.id) ?? (await judgeGuard(use, { ...asking(options, scope, draft.changes), pending }));
    guards.push(judged);
  }
  return [...guards, ...draft.verdicts];
}

/** A person may let a trigger watch in a window that is too short for it. */
function overridden(verdict: GuardVerdict, { overrides, actor }: PlanOptions): GuardVerdict {
  return overrides.includes(verdict.id) ? { ...verdict, overridden_by: `${actor.user}@${actor.host}` } : verdict;
}

function asking(options: PlanOptions, scope: Scope, earlier: readonly Change[]): JudgeOptions {
  const { registry, look, overrides, actor } = options;
  return { find: (uses) => registry.find(uses), scope, look, earlier, overrides, actor };
}

type Judged = { guards: GuardVerdict[]; triggers: PlannedTrigger[] };

async function finished(options: PlanOptions, draft: Draft, { guards, triggers }: Judged): Promise<Plan> {
  const { playbook, inputs, look, header: stack } = options;
  const { steps, changes } = draft;
  const hmac = (text: string) => look.hmac(text);
  const bound = bindFacts({ playbook, inputs, target: look.target, stack, changes }, hmac);
  const { name, file, description } = playbook;
  return {
    plan_id: planId(bound, hmac),
    playbook: { name, file, ...(description === undefined ? {} : { description }) },
    stack,
    inputs,
    verdict: verdictOf(draft, guards),
    guards,
    steps,
    changes,
    triggers,
    way_back: await wayBackOf(playbook, draft, look),
    duration: forecastDuration(options.durations ?? [], changes),
    from_shell: [...(options.from_shell ?? [])],
    by: `${options.actor.user}@${options.actor.host}`,
    ...(options.drift && { drift: options.drift }),
    warnings: warningsOf(playbook),
    bound,
  };
}

function verdictOf(draft: Draft, guards: readonly GuardVerdict[]): Plan['verdict'] {
  if (guards.some(objects)) return 'no-go';
  if (guards.some((guard) => guard.verdict === 'undecided')) return 'undecided';
  const real = realChanges(draft);
  if (real.some((change) => change.certainty !== 'unknown')) return 'changes';
  return real.length > 0 ? 'undecided' : 'nothing-to-do';
}

function objects(guard: GuardVerdict): boolean {
  return guard.verdict === 'no-go' && guard.overridden_by === undefined;
}

function warningsOf({ rollback }: Playbook): string[] {
  if (rollback === 'never' || rollback.on.includes('failure')) return [];
  return ['a step that fails takes nothing back, as `rollback.on` does not name `failure`'];
}
