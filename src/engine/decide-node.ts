import { type At, instanceKey, isWithin, parseInstance } from '../playbook/instance.ts';
import { allNodes, isStep } from '../playbook/nodes.ts';
import type { LoopStep, ParallelStep, Step, StepNode } from '../playbook/types.ts';
import { attemptOf, type Move } from './moves.ts';
import type { Program } from './program.ts';
import type { LoopState, RunState } from './run-state.ts';
import { stepState } from './state.ts';

type Here = { at: At; now: number };

/** The next move inside a node of `steps`; undefined when it has ended. Nothing in it has failed. */
export function nodeMove(program: Program, state: RunState, node: StepNode, here: Here): Move | undefined {
  const key = instanceKey(node.id, here.at);
  const known = stepState(state, 'steps', key);
  if (known?.status === 'done' || known?.status === 'skipped') return undefined;
  if (isStep(node)) return attemptOf(program, state, { phase: 'steps', step: node, ...here });
  const loop = state.loops.find(({ step }) => step === key);
  if (!known || (node.kind === 'for_each' && !loop)) return { do: 'enter', node, key, at: here.at };
  if (node.kind === 'parallel') return parallelMove(program, state, node, here) ?? { do: 'leave', node, key };
  return (loop && loopMove({ program, state, node, loop }, here)) ?? { do: 'leave', node, key };
}

/** What the steps of a `parallel` do is decided for each by itself; one that was cut may have to be probed, or parked. */
function parallelMove(program: Program, state: RunState, node: ParallelStep, here: Here): Move | undefined {
  const open = node.parallel.filter((step) => !hasEnded(state, step, here.at));
  const moves = open.map((step) => attemptOf(program, state, { phase: 'steps', step, ...here }));
  const cut = moves.find((move) => move.do === 'probe') ?? moves.find((move) => move.do === 'park');
  if (cut) return cut;
  return open.length === 0 ? undefined : { do: 'together', node, at: here.at, steps: open };
}

function hasEnded(state: RunState, step: Step, at: At): boolean {
  const status = stepState(state, 'steps', instanceKey(step.id, at))?.status;
  return status === 'done' || status === 'skipped';
}

type Loop = { program: Program; state: RunState; node: LoopStep; loop: LoopState };

function loopMove({ program, state, node, loop }: Loop, { at, now }: Here): Move | undefined {
  for (const [index] of loop.batches.entries()) {
    const batch = [...at, index + 1];
    if (loop.given_up.includes(index + 1)) {
      const receipt = openReceipt(state, node, batch);
      if (receipt && state.pivot_passed === undefined) return { do: 'undo', receipt };
      continue;
    }
    for (const child of node.do) {
      const move = nodeMove(program, state, child, { at: batch, now });
      if (move) return pause(state, { node, loop, batch }, now) ?? move;
    }
  }
  return undefined;
}

/** Last first, as any way back. */
function openReceipt(state: RunState, node: LoopStep, batch: At): RunState['receipts'][number] | undefined {
  const open = state.receipts.filter(({ status }) => status === 'open' || status === 'undoing');
  return open.findLast(({ step }) => isIn(step, node, batch));
}

type Batch = { node: LoopStep; loop: LoopState; batch: At };

/** Between two batches; a batch that has begun is not held up. */
function pause(state: RunState, { node, loop: { delay }, batch }: Batch, now: number): Move | undefined {
  const number = batch.at(-1) ?? 1;
  const stepsOf = (at: At) => state.steps.filter(({ id, phase }) => phase === 'steps' && isIn(id, node, at));
  if (delay === 0 || number === 1 || stepsOf(batch).length > 0) return undefined;
  const before = stepsOf([...batch.slice(0, -1), number - 1]);
  const until = Math.max(0, ...before.map(({ ended_at = 0 }) => ended_at)) + delay;
  return now < until ? { do: 'wait', until } : undefined;
}

/** Whether a step of the journal belongs to this batch of this loop: other loops number their batches alike. */
function isIn(step: string, node: LoopStep, batch: At): boolean {
  const { id, at } = parseInstance(step);
  return isWithin(at, batch) && allNodes(node.do).some((inner) => inner.id === id);
}
