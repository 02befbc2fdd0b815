import type { RunState } from '../../engine/run-state.ts';
import { printPlan } from '../../plan/print.ts';
import { allNodes } from '../../playbook/nodes.ts';
import type { Playbook, Step } from '../../playbook/types.ts';
import type { Invocation } from '../command.ts';
import { conduct } from '../conduct.ts';
import type { OpenHistory } from '../history-access.ts';
import { lookAhead } from '../look-ahead.ts';
import type { PlaybookSource } from '../lookup.ts';
import { prepare, resolvePlaybook } from '../prepare.ts';
import { beginRun } from '../session.ts';
import type { GitMove } from '../wire.ts';

export type CommitRun = {
  invocation: Invocation;
  history: OpenHistory;
  source: PlaybookSource;
  run: string;
  started_by: string;
  /** The move that the folder has made for this run, and the id of the step that takes the receipt for it. */
  move?: { step: string; move: GitMove };
};

/** Plans and runs a playbook for a commit, without a question. */
export async function runCommit({ invocation, history, source, run, started_by, move }: CommitRun): Promise<RunState> {
  const found = await resolvePlaybook(invocation, await lookAhead(invocation), source);
  const playbook = move === undefined ? found.resolved.playbook : withCheckout(found.resolved.playbook, move);
  const prepared = await prepare({ ...found.resolved, playbook }, found.resources, { invocation, history });
  const { target, inputs, tainted, plan, frozen, secrets, resources } = prepared;
  try {
    if (!invocation.flags.quiet) invocation.io.out(`${printPlan(plan, invocation.io.style)}\n`);
    const bound = { run, playbook, target, inputs, tainted, plan, overrides: [], started_by };
    const program = move === undefined ? bound : { ...bound, sources: move.step };
    return await conduct({ invocation, history, program, secrets, resources }, (session) => beginRun(session, frozen));
  } finally {
    resources.close();
  }
}

/** An id for the step that no other step has. */
export function checkoutStep(playbook: Playbook): string {
  const taken = allNodes([...playbook.steps, ...playbook.always]).map(({ id }) => id);
  let id = 'checkout';
  while (taken.includes(id)) id = `git_${id}`;
  return id;
}

function withCheckout(playbook: Playbook, { step: id, move }: NonNullable<CommitRun['move']>): Playbook {
  const { git_dir: repository, folder, from, to: commit, made, umask } = move;
  const step: Step = {
    id,
    uses: 'git.checkout',
    with: { repository, folder, commit, ...(from !== null && { from }), made, umask },
    guards: [],
    pivot: false,
    place: { file: playbook.file, line: 1, column: 1 },
  };
  return { ...playbook, steps: [step, ...playbook.steps] };
}
