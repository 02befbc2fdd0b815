import type { RunState } from '../../src/engine/run-state.ts';
import { parseInstance } from '../../src/playbook/instance.ts';
import type { Json } from '../../src/runner/contract.ts';
import type { Facts, Known } from './invariants.ts';
import type { Wanted } from './playbooks.ts';

/** What is wrong with the world at the end of a run, one sentence each. */
export function endRules(known: Known, facts: Facts): string[] {
  const { state } = known;
  if (!state) return [];
  // What was asked for and answered to nobody happens at the latest now: the end must be right then too.
  facts.world.arrive();
  switch (state.status) {
    case 'no-go':
    case 'nothing-to-do':
      return known.changed ? [`no-go: it ended ${state.status}, and has changed something`] : [];
    case 'rolled-back':
    case 'cancelled':
      return [...asBefore(known, facts, () => true), ...nothingKept(known, facts), ...eachTried(known, state)];
    case 'succeeded':
      return [...stepsDone(known, state), ...asWanted(known, state, facts), ...nothingKept(known, facts)];
    case 'partially-rolled-back':
    case 'rollback-failed':
      return [
        ...asBefore(known, facts, (name) => isBack(known, state, name)),
        ...forAReason(state, facts),
        ...eachTried(known, state),
      ];
    case 'failed':
      return state.pivot_passed === undefined ? [] : asWanted(known, state, facts);
    default:
      return [`end: ${state.status} is no end`];
  }
}

/** Each thing is what it was when the run started. */
function asBefore({ before = {} }: Known, { world, disturbed }: Facts, which: (name: string) => boolean): string[] {
  const now = world.values();
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const differing = names.filter((name) => before[name] !== now[name] && !disturbed.has(name) && which(name));
  return differing.map((name) => `back: ${name} is ${now[name] ?? 'gone'}, it was ${before[name] ?? 'not there'}`);
}

function nothingKept({ receipts }: Known, { world, disturbed }: Facts): string[] {
  const left = [...receipts].filter(([token, { name }]) => world.thing(name).kept.has(token) && !disturbed.has(name));
  return left.map(([token, { name }]) => `kept: ${name}:${token} is still kept`);
}

/** Whether all changes of this thing were taken back by the journal's word. */
function isBack({ receipts }: Known, state: RunState, name: string): boolean {
  const steps = new Set([...receipts.values()].filter((each) => each.name === name).map(({ step }) => step));
  return state.receipts.every(({ step, status }) => !steps.has(step) || status === 'undone');
}

/** What was not put back has failed to be, by the journal's word; or somebody else has changed it meanwhile. */
function forAReason({ receipts, steps, compared, undo, status, say }: RunState, { disturbed }: Facts): string[] {
  const failed = receipts.some((each) => each.status === 'undo-failed' || each.status === 'settle-failed');
  const verify = steps.some((step) => step.phase === 'verify' && step.status === 'failed');
  const blind = compared?.say.startsWith('the stack could not be compared') === true;
  if (failed || verify || blind || undo === undefined || disturbed.size > 0) return [];
  return [`back: nothing went wrong on the way back, and it ended ${status}: ${say}`];
}

/** A way back has an end only when each change was taken back, or was tried to be. */
function eachTried({ program }: Known, { undo, receipts }: RunState): string[] {
  if (undo === undefined) return [];
  const final = new Set(program.plan.steps.filter(({ no_undo }) => no_undo !== undefined).map(({ id }) => id));
  const left = receipts.filter(
    ({ status, step }) => (status === 'open' || status === 'undoing') && !final.has(parseInstance(step).id),
  );
  return left.map(({ receipt, status }) => `back: receipt ${receipt} is ${status} at the end of the way back`);
}

function stepsDone({ program }: Known, state: RunState): string[] {
  const ended = new Set(
    state.steps
      .filter(({ phase, status }) => phase === 'steps' && (status === 'done' || status === 'skipped'))
      .map(({ id }) => id),
  );
  return program.playbook.steps.flatMap(({ id }) => (ended.has(id) ? [] : [`done: ${id} has not ended`]));
}

/** Each step that is done has its effect; each batch that was given up has none. */
function asWanted({ book, before = {}, again }: Known, state: RunState, { world, disturbed }: Facts): string[] {
  return book.wanted.flatMap((wanted) => {
    const { name, effect } = wanted;
    // What a person wanted done again may have been done twice: they said so.
    if (effect === 'sent' || disturbed.has(name) || again.includes(wanted.step)) return [];
    const done = isDone(wanted, state);
    if (done === undefined) return [];
    const former = before[name];
    const value = effect === 'value' ? wanted.value : String(Number(former ?? '0') + 1);
    const expected = done ? value : former;
    const now = world.value(name);
    return now === expected ? [] : [`done: ${name} is ${now ?? 'gone'}, it should be ${expected ?? 'gone'}`];
  });
}

/** Undefined where it was begun and not ended: what came of it is not known. */
function isDone({ name, step }: Wanted, state: RunState): boolean | undefined {
  const instances = state.steps.filter(({ id, phase }) => phase === 'steps' && parseInstance(id).id === step);
  const about = instances.filter(({ id }) => inBatch(name, id, state));
  // After the pivot nothing is taken back, not even a batch that is given up: it stays as far as it got.
  if (about.some(({ id }) => givenUp(id, state)))
    return receiptsBack(
      about.map(({ id }) => id),
      state,
    )
      ? false
      : undefined;
  if (about.some(({ status }) => status === 'done')) return true;
  return about.every(({ status }) => status === 'skipped') ? false : undefined;
}

function receiptsBack(steps: readonly string[], { receipts, pivot_passed }: RunState): boolean {
  return (
    pivot_passed === undefined || receipts.every(({ step, status }) => !steps.includes(step) || status === 'undone')
  );
}

function loopOf(key: string, state: RunState) {
  const [number] = parseInstance(key).at;
  if (number === undefined) return undefined;
  // The loop that was entered last before the step began: loops number their batches alike.
  const position = state.steps.findIndex(({ id }) => id === key);
  const loop = state.loops.findLast((each) => state.steps.findIndex(({ id }) => id === each.step) < position);
  return loop && { loop, number };
}

function inBatch(name: string, key: string, state: RunState): boolean {
  const found = loopOf(key, state);
  if (!found) return true;
  const batch: Json | undefined = found.loop.batches[found.number - 1];
  return Array.isArray(batch) ? batch.includes(name) : batch === name;
}

function givenUp(key: string, state: RunState): boolean {
  const found = loopOf(key, state);
  return found?.loop.given_up.includes(found.number) ?? false;
}
