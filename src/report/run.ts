import { batchOf, isGivenUp, outermostLoop } from '../engine/batch-name.ts';
import type { ReceiptState, RunState, StepState } from '../engine/run-state.ts';
import { sayTime } from './amounts.ts';
import { batchRow, brokenBatchRow, byBatch, joined, loopRow } from './batch-rows.ts';
import { clean } from './clean.ts';
import { closingLines } from './closing.ts';
import { beside, padTo, wrap } from './layout.ts';
import { nameColumns, printRow } from './print-row.ts';
import { isBlock, rowName } from './row-name.ts';
import { failureMark, type Row } from './rows.ts';
import { clause } from './sentence.ts';
import { stackName } from './stack-name.ts';
import type { Style } from './style.ts';
import { stepSummary } from './summary.ts';
import { triggersSeen } from './trigger-rows.ts';

/** A run for people, as `show` prints it: who and what, its steps, what was taken back, how it ended. */
export function printRun(given: RunState, style: Style): string {
  const state = clean(given);
  const parts = [header(state, style), guards(state, style), steps(state, style), undo(state, style)];
  const ending = closingLines(state).flatMap((line) => wrap(line, style.width));
  return `${[...parts, ending]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function header(state: RunState, style: Style): string[] {
  const took = state.ended_at === undefined ? [] : [`ended ${sayTime(state.ended_at)}`];
  const by = state.by === undefined ? [] : [`by ${state.by.user}@${state.by.host} (${state.started_by})`];
  const facts = [`started ${sayTime(state.created_at)} UTC`, ...took, ...by, `plan ${state.plan_id}`];
  const commit = state.commit === undefined ? [] : [`commit ${state.commit.slice(0, 7)}`];
  const title = `Run ${state.run}: ${state.playbook} → ${stackName(state.project)}, ${state.status}`;
  const inputs = Object.entries(state.inputs).map(
    ([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [
    ...wrap(title, style.width).map((line) => style.strong(line)),
    ...wrap([...facts, ...commit].join(' · '), style.width),
    ...(inputs.length === 0 ? [] : beside('Inputs  ', inputs.join(' · '), style.width)),
  ];
}

function guards(state: RunState, style: Style): string[] {
  const telling = state.guards.filter((guard) => guard.verdict !== 'go');
  const rows = telling.map((guard): Row => {
    const mark = guard.verdict === 'no-go' && guard.overridden_by === undefined ? '✗' : '!';
    const aside = guard.overridden_by === undefined ? '' : ` (set aside by ${guard.overridden_by})`;
    const more = guard.hint === undefined ? [] : [`→ ${guard.hint}`];
    return { mark, name: guard.id, text: `${guard.verdict}: ${guard.say}${aside}`, more };
  });
  const passed = state.guards.length - telling.length;
  const go: Row[] = passed === 0 ? [] : [{ mark: '✓', name: 'guards', text: `${passed} go` }];
  return printed([...go, ...rows], state, style);
}

function steps(state: RunState, style: Style): string[] {
  const shown = state.steps.filter((step) => step.phase !== 'verify');
  return printed([...rowsOfSteps(shown, state), ...triggersSeen(state)], state, style);
}

/** The steps of a loop are told with it: batch by batch, then all of it. */
function rowsOfSteps(shown: readonly StepState[], state: RunState): Row[] {
  return shown.flatMap((step) => {
    if (step.phase === 'steps' && outermostLoop(state, step.id) !== undefined) return [];
    if (step.status === 'skipped' || !isBlock(step)) return [stepRow(step, state)];
    if (step.uses === 'parallel') return [];
    const inside = shown.filter((each) => each.phase === 'steps' && outermostLoop(state, each.id) === step.id);
    return [...rowsOfBatches(inside, state), ...(step.status === 'done' ? loopRow(state, step) : [])];
  });
}

function rowsOfBatches(inside: readonly StepState[], state: RunState): Row[] {
  const batches = new Map<string, { name: string; steps: StepState[] }>();
  for (const step of inside) {
    const batch = batchOf(state, step.id);
    if (!batch || isBlock(step)) continue;
    const { steps } = batches.get(batch.key) ?? { steps: [] };
    batches.set(batch.key, { name: batch.name, steps: [...steps, step] });
  }
  return [...batches.values()].flatMap(({ name, steps }) => [
    ...rowsOfBatch(name, steps, state),
    ...rowsOfGivenUp(name, steps, state),
  ]);
}

function rowsOfGivenUp(name: string, steps: readonly StepState[], state: RunState): Row[] {
  const ids = new Set(steps.map((step) => step.id).filter((id) => isGivenUp(state, id)));
  if (ids.size === 0) return [];
  const receipts = state.receipts.toReversed().filter((receipt) => ids.has(receipt.step));
  return [{ mark: '!', name, text: 'given up' }, ...takenRows(receipts, state)];
}

/** What was done in it, then what went wrong. */
function rowsOfBatch(name: string, steps: readonly StepState[], state: RunState): Row[] {
  const open = steps.filter((step) => step.status !== 'done' && step.status !== 'skipped');
  const done = open.length === 0 ? batchRow(name, steps, undefined) : brokenBatchRow(name, steps, undefined);
  return [...done, ...open.map((step) => stepRow(step, state))];
}

function stepRow(step: StepState, state: RunState): Row {
  const { name, prefix } = rowName(state, step.phase, step.id);
  const ms =
    step.started_at === undefined || step.ended_at === undefined ? {} : { ms: step.ended_at - step.started_at };
  const tries = step.attempts > 1 ? ` (${step.attempts} attempts)` : '';
  if (step.status === 'skipped') return { mark: '–', name, text: `${prefix}skipped, ${step.skipped_because ?? ''}` };
  if (step.status === 'failed' || step.status === 'retrying') {
    const { message = 'no reason is recorded', lines = [], hint } = step.error ?? {};
    return {
      mark: failureMark(step.error, state),
      name,
      text: prefix + clause(message) + tries,
      ...ms,
      more: [...lines, ...(hint === undefined ? [] : [`→ ${hint}`])],
    };
  }
  const said = stepSummary(step.id, step.outputs ?? {}, undefined);
  if (step.status === 'done') return { mark: '✓', name, text: prefix + said + tries, ...ms };
  return { mark: '›', name, text: `${prefix}${step.uses}, not ended` };
}

function undo(state: RunState, style: Style): string[] {
  if (state.undo === undefined) return [];
  const open = state.receipts.toReversed().filter((receipt) => receipt.status !== 'settled');
  const taken = open.filter((receipt) => !isGivenUp(state, receipt.step));
  const verified = state.steps.filter((step) => step.phase === 'verify').map((step) => stepRow(step, state));
  const { compared } = state;
  const comparison: Row[] = compared
    ? [
        {
          mark: compared.differences.length === 0 ? '✓' : '✗',
          name: 'compare',
          text: compared.say,
          more: compared.differences,
        },
      ]
    : [];
  return printed([...takenRows(taken, state), ...verified, ...comparison], state, style);
}

/** What is back of a batch is one row; what could not be taken back has its own. */
function takenRows(taken: readonly ReceiptState[], state: RunState): Row[] {
  return byBatch(state, taken).flatMap(({ batch, receipts }): Row[] => {
    const undone = receipts.filter((receipt) => receipt.status === 'undone');
    const text = joined(undone.map((receipt) => receipt.say ?? 'one change taken back'));
    const back: Row[] = text === '' ? [] : [{ mark: '↺', name: batch?.name ?? receipts[0]?.step ?? '', text }];
    return [...back, ...receipts.filter((each) => each.status !== 'undone').map((each) => notBack(each, state))];
  });
}

function notBack(receipt: ReceiptState, state: RunState): Row {
  const { name, prefix } = rowName(state, 'steps', receipt.step);
  if (receipt.status === 'undo-failed') {
    const why = receipt.error?.message ?? 'no reason is recorded';
    return { mark: '✗', name, text: `${prefix}not taken back: ${clause(why)}` };
  }
  return { mark: '›', name, text: `${prefix}${receipt.status === 'undoing' ? 'is taken back' : 'not taken back'}` };
}

function printed(rows: readonly Row[], state: RunState, style: Style): string[] {
  const names = nameColumns([
    'compare',
    ...state.steps.filter((step) => !isBlock(step)).map((step) => rowName(state, step.phase, step.id).name),
    ...state.guards.map((guard) => guard.id),
  ]);
  const narrower = { ...style, width: Math.min(110, style.width) };
  return rows.flatMap((row) => printRow({ ...row, name: padTo(row.name, names) }, names, narrower));
}
