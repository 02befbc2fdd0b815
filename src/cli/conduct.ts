import type { Program } from '../engine/program.ts';
import type { RunState } from '../engine/run-state.ts';
import { applyEvent, initialState } from '../engine/state.ts';
import { Refusal } from '../errors.ts';
import { createReporter } from '../report/reporter.ts';
import type { ReporterOptions } from '../report/view.ts';
import { thisActor } from './actor.ts';
import type { Invocation } from './command.ts';
import { watchForStop } from './control.ts';
import { sayError } from './failure.ts';
import type { OpenHistory } from './history-access.ts';
import { openLog } from './log.ts';
import type { OpenResources } from './resources.ts';
import type { Secrets } from './secrets.ts';
import type { SessionOptions } from './session.ts';
import { openRegistry, stackTools } from './wire.ts';

export type Conducted = {
  invocation: Invocation;
  history: OpenHistory;
  program: Program;
  secrets: Secrets;
  /** What the plan was made with. */
  resources: OpenResources;
  /** Of a run that is taken up again. */
  state?: RunState;
};

/** Shows a run while `work` carries it, listens for who wants it stopped, and says what is left when it is left unfinished. */
export async function conduct(
  { invocation, history, program, secrets, resources, state }: Conducted,
  work: (session: SessionOptions) => Promise<RunState>,
): Promise<RunState> {
  const { io } = invocation;
  const actor = thisActor(io.env);
  const reporter = createReporter(reporterOptions(invocation, program, state));
  const log = await openLog(io);
  let seen = state;
  let begun = false;
  const control = watchForStop({
    actor,
    cancelAsked: () => actorOf(history.store.cancelAsked(program.run)?.by),
    notify: (what) => io.err(what === 'undoing' ? UNDOING : LEAVING),
  });
  const session: SessionOptions = {
    program,
    history,
    registry: openRegistry(),
    tools: stackTools,
    secrets,
    resources,
    control,
    actor,
    env: io.env,
    watch(event) {
      reporter.watch(event);
      if (!('seq' in event)) return;
      log?.debug(event, 'event');
      begun = true;
      seen = event.type === 'run.created' ? initialState(event) : seen && applyEvent(seen, event);
    },
    waiting: (say) => io.err(`${say} Waiting for it.\n`),
    remark: (say) => io.err(`${say}\n`),
  };
  try {
    const ended = await work(session);
    reporter.close();
    // Told to leave at once, or the engine went away in the middle of the way back.
    if (ended.ended_at === undefined && ended.parked === undefined) io.err(unfinished(program));
    return ended;
  } catch (error) {
    reporter.close();
    if (control.cancel.aborted && error === control.cancel.reason) throw cancelledBefore();
    if (!begun || seen === undefined || seen.receipts.length === 0) throw error;
    // The store or we ourselves failed in the middle: what is left counts for more than what went wrong.
    await sayError(error, io);
    io.err(unfinished(program));
    return { ...seen, status: 'interrupted' };
  } finally {
    control.close();
  }
}

const UNDOING = 'Stopping, and putting back what was changed. Once more leaves it as it is.\n';
const LEAVING = 'Leaving at once.\n';

function reporterOptions({ flags, io }: Invocation, plan: Program, state?: RunState): ReporterOptions {
  const mode = flags.json ? 'json' : flags.quiet ? 'quiet' : io.live ? 'terminal' : 'plain';
  return {
    mode,
    out: io.out,
    style: io.style,
    // Some terminals say that they have none.
    columns: () => process.stdout.columns || io.width,
    now: () => Date.now(),
    plan: plan.plan,
    state,
  };
}

/** `user@host`, as `playbook cancel` wrote it. */
function actorOf(by: string | undefined): { user: string; host: string } | undefined {
  if (by === undefined) return undefined;
  const at = by.lastIndexOf('@');
  return { user: by.slice(0, at), host: by.slice(at + 1) };
}

function unfinished({ run, plan }: Program): string {
  return [
    `Run ${run} is not finished, and ${plan.stack.project} stays reserved for it.`,
    `To take it up again: playbook resume ${run} (with --plan: what that would do)`,
    `To put back what it changed: playbook undo ${run}`,
    `To see what it did: playbook show ${run}`,
    '',
  ].join('\n');
}

function cancelledBefore(): Refusal {
  return new Refusal('declined', 'Cancelled while waiting for the stack. Nothing was changed.');
}
