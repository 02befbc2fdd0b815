import { ERROR_SCHEMA, RUN_SCHEMA, type Scope } from '../expression/scope.ts';
import { instanceKey, loopsAround, parseInstance, visibleOutputs } from '../playbook/instance.ts';
import { plainSteps } from '../playbook/nodes.ts';
import type { Json, JsonSchema } from '../runner/contract.ts';
import type { Live } from './live.ts';
import { outcome } from './outcome.ts';

/**
 * Where a condition or template stands, and what it may ask besides: `at` is the step it belongs to as the journal names
 * it (`start[1.2]`); the outputs of its own step, the failure that may be tried again, or a trigger's sample.
 */
export type Besides = {
  at?: string;
  result?: { value: Json; schema: JsonSchema };
  error?: Json;
  sample?: { value: Json; schema: JsonSchema };
};

/** What conditions and templates see at this moment. Only facts that `text` names are read. */
export async function scopeOf(live: Live, text: Json, besides: Besides = {}): Promise<Scope> {
  const { world } = live.ports;
  const { inputs, tainted } = live.program;
  const types = await world.types();
  const { result, error, sample, at = '' } = besides;
  const run = endingAt(live, at);
  return {
    inputs,
    tainted,
    facts: await world.facts(factsNamedIn(text, world.factNames)),
    steps: outputsAt(live, at),
    locals: localsAt(live, at),
    types: {
      ...types,
      ...(result === undefined ? {} : { result: result.schema }),
      ...(error === undefined ? {} : { error: ERROR_SCHEMA }),
      ...(sample === undefined ? {} : { sample: sample.schema }),
      ...(run === undefined ? {} : { run: RUN_SCHEMA }),
    },
    ...(result === undefined ? {} : { result: result.value }),
    ...(error === undefined ? {} : { error }),
    ...(sample === undefined ? {} : { sample: sample.value }),
    ...(run === undefined ? {} : { run }),
  };
}

/** How the run ends, for the steps that come after all that can still change that. */
function endingAt({ program, state }: Live, at: string): Json | undefined {
  const { id } = parseInstance(at);
  if (!plainSteps(program.playbook.always).some((step) => step.id === id)) return undefined;
  const { run, playbook, plan } = program;
  return { id: run, ...outcome(program, state), playbook: playbook.name, stack: plan.stack.project };
}

/** By the word alone: a fact that is read without need costs a moment, one that is missing costs the run. */
function factsNamedIn(text: Json, names: readonly string[]): string[] {
  const written = typeof text === 'string' ? text : JSON.stringify(text);
  return names.filter((name) => written.includes(name));
}

function outputsAt({ state }: Live, step: string): Scope['steps'] {
  const ended = state.steps.flatMap(({ id, phase, outputs }) =>
    phase === 'steps' && outputs !== undefined ? [[id, outputs] as const] : [],
  );
  return visibleOutputs(ended, parseInstance(step).at);
}

/** What the variables of the loops around a step mean in its batches. */
function localsAt({ state, program }: Live, step: string): Record<string, Json> {
  const { id, at } = parseInstance(step);
  const loops = at.length === 0 ? [] : loopsAround(program.playbook.steps, id).slice(0, at.length);
  return Object.fromEntries(
    loops.flatMap((loop, level) => {
      const known = state.loops.find((each) => each.step === instanceKey(loop.id, at.slice(0, level)));
      const value = known?.batches[(at[level] ?? 0) - 1];
      return value === undefined ? [] : [[loop.as, value]];
    }),
  );
}
