import type { RunState } from '../engine/run-state.ts';
import { Refusal } from '../errors.ts';
import { jsonText } from '../report/gate.ts';
import type { Invocation } from './command.ts';
import { exitCodeOfUndo } from './exit-codes.ts';
import { type FoundRun, withRun } from './find-run.ts';
import { takeUpRun } from './session.ts';
import { takeUp } from './take-up.ts';

/** `playbook undo RUN`: takes back what the stack's latest run changed, as long as its pivot has not ended. */
export async function undo(invocation: Invocation): Promise<number> {
  const state = withRun(invocation, (found) => {
    if (!isBack(found.state)) requireUndoable(found);
    return found.state;
  });
  if (isBack(state)) return nothingLeft(invocation, state);
  const { status } = await takeUp(invocation, state.run, (session, read) =>
    takeUpRun(session, () => ({ state: read(), intent: 'undo' })),
  );
  return exitCodeOfUndo(status);
}

function requireUndoable({ row, state, store }: FoundRun): void {
  const { run, project, engine_id } = row;
  const hint = `To go back to an earlier state: playbook releases -p ${project} lists them.`;
  if (state.pivot_passed !== undefined)
    throw new Refusal('no-go', `Run ${run} cannot be undone: its pivot (${state.pivot_passed}) has ended.`, { hint });
  const newer = store
    .runs({ project, engine_id })
    .find((other) => other.started_at !== undefined && other.created_at > row.created_at);
  if (newer !== undefined)
    throw new Refusal('no-go', `Run ${run} cannot be undone: run ${newer.run} worked on ${project} after it.`, {
      hint,
    });
}

/** Where something differed at the end, it is worth another look: a person may have put it right. */
function isBack({ ended_at, status, receipts }: RunState): boolean {
  if (ended_at === undefined || status === 'partially-rolled-back') return false;
  return receipts.every((receipt) => receipt.status === 'undone');
}

function nothingLeft({ flags, io }: Invocation, { run, status }: RunState): number {
  const say = `Nothing of run ${run} is left to put back: ${status}.`;
  if (flags.json) io.out(`${jsonText({ run, status, say })}\n`);
  else if (!flags.quiet) io.out(`${say}\n`);
  return 0;
}
