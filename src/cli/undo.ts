import { dirname } from 'node:path';
import type { Program } from '../engine/program.ts';
import type { RunState } from '../engine/run-state.ts';
import { foldEvents } from '../engine/state.ts';
import { Refusal } from '../errors.ts';
import { frozenFile, readProgram } from '../history/run-files.ts';
import { runFolder } from '../history/run-folder.ts';
import type { RunRow, Store } from '../history/store.ts';
import { jsonText } from '../report/clean.ts';
import type { Look } from '../runner/contract.ts';
import type { Invocation } from './command.ts';
import { conduct } from './conduct.ts';
import { exitCodeOfUndo } from './exit-codes.ts';
import { findRun } from './find-run.ts';
import { type OpenHistory, openHistory, readHistory } from './history-access.ts';
import { createLook } from './look.ts';
import { createResources, type OpenResources } from './resources.ts';
import { createSecrets } from './secrets.ts';
import { undoRun } from './session.ts';
import { engineReader, stackReads } from './wire.ts';

/** `playbook undo RUN`: takes back what the stack's latest run changed, as long as its pivot has not ended. */
export async function undo(invocation: Invocation): Promise<number> {
  const { run } = lookUp(invocation);
  const history = openHistory(invocation);
  try {
    const read = () => foldEvents(history.store.events(run));
    const state = read();
    if (isBack(state)) return nothingLeft(invocation, state);
    const program = await readProgram(runFolder(history.dir, run));
    const secrets = createSecrets({
      declared: program.playbook.secrets,
      env: invocation.io.env,
      directory: program.target.directory,
    });
    invocation.io.mask(secrets.mask);
    const resources = createResources();
    try {
      const look = lookOf(program, { invocation, history, resources });
      await requireSameEngine(program, look);
      secrets.hide(await stackReads.secretValues(look));
      const conducted = { invocation, history, program, secrets, resources, state };
      const { status } = await conduct(conducted, (session) => undoRun(session, read));
      return exitCodeOfUndo(status);
    } finally {
      resources.close();
    }
  } finally {
    history.close();
  }
}

/** Without making a history where there is none. */
function lookUp(invocation: Invocation): RunRow {
  const history = readHistory(invocation);
  try {
    const row = findRun(invocation.args[0], history);
    if (history.store) requireUndoable(row, history.store);
    return row;
  } finally {
    history.close();
  }
}

function requireUndoable(row: RunRow, store: Store): void {
  const { run, project, engine_id } = row;
  const state = foldEvents(store.events(run));
  if (isBack(state)) return;
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

/** For what is asked before the run is taken up: the stack as it was frozen, in the user's environment. */
function lookOf(
  { run, plan, target, playbook }: Program,
  { invocation, history, resources }: { invocation: Invocation; history: OpenHistory; resources: OpenResources },
): Look {
  const options = {
    target,
    resources,
    signal: new AbortController().signal,
    memory: history.memory,
    env: invocation.io.env,
    playbook_dir: dirname(playbook.file),
    frozen: frozenFile(runFolder(history.dir, run)),
  };
  return createLook(options, async () => plan.stack);
}

/** What another engine lacks would be made there, and the stack would be left as it is. */
async function requireSameEngine({ run, plan }: Program, look: Look): Promise<void> {
  const { engine_id, engine_name } = plan.stack;
  const { id } = await (await engineReader(look)).version();
  if (id === engine_id) return;
  throw new Refusal(
    'unavailable',
    `This is another engine than the one that run ${run} worked on (${engine_name}, ${engine_id}).`,
    {
      hint: 'Choose that one, by DOCKER_HOST or `docker context use`, and run this again. Nothing was changed.',
    },
  );
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
