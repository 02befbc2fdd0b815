import { ERROR_SCHEMA, type Scope } from '../expression/scope.ts';
import type { Json } from '../runner/contract.ts';
import type { Live } from './live.ts';

/** What a condition may ask besides: the outputs of its own step, or the failure that may be tried again. */
export type Besides = { result?: Json; resultOf?: string; error?: Json };

/** What conditions and templates see at this moment. Only facts that `text` names are read. */
export async function scopeOf(live: Live, text: Json, besides: Besides = {}): Promise<Scope> {
  const { world } = live.ports;
  const { inputs, tainted } = live.program;
  const types = await world.types();
  const { result, resultOf, error } = besides;
  return {
    inputs,
    tainted,
    facts: await world.facts(factsNamedIn(text, world.factNames)),
    steps: outputsSoFar(live),
    types: {
      ...types,
      ...(resultOf !== undefined && types.steps[resultOf] ? { result: types.steps[resultOf] } : {}),
      ...(error === undefined ? {} : { error: ERROR_SCHEMA }),
    },
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
  };
}

/** By the word alone: a fact that is read without need costs a moment, one that is missing costs the run. */
function factsNamedIn(text: Json, names: readonly string[]): string[] {
  const written = typeof text === 'string' ? text : JSON.stringify(text);
  return names.filter((name) => written.includes(name));
}

function outputsSoFar(live: Live): Scope['steps'] {
  const ended = live.state.steps.filter((step) => step.phase === 'steps' && step.outputs !== undefined);
  return Object.fromEntries(ended.map((step) => [step.id, step.outputs ?? {}]));
}
