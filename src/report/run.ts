import type { Actor, Phase, RunError, RunStatus, UndoCause } from '../engine/events.ts';
import type { ReceiptState, RunState, StepState } from '../engine/run-state.ts';
import type { GuardVerdict } from '../plan/types.ts';
import type { Json } from '../runner/contract.ts';
import { sayTime } from './amounts.ts';
import { clean } from './clean.ts';
import { closingLines } from './closing.ts';
import { beside, padTo, wrap } from './layout.ts';
import { nameColumns, printRow } from './print-row.ts';
import type { Row } from './rows.ts';
import { clause } from './sentence.ts';
import type { Style } from './style.ts';
import { fromOutputs } from './summary.ts';

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

/** A run for programs (`schemas/run.schema.json`). Times are ISO 8601; what is not there is null. */
export type RunRecord = {
  id: string;
  playbook: string;
  stack: string;
  status: RunStatus;
  say: string | null;
  plan_id: string;
  started_at: string;
  ended_at: string | null;
  inputs: Record<string, Json>;
  by: Actor | null;
  started_by: string;
  guards: (Pick<GuardVerdict, 'id' | 'verdict' | 'say' | 'step' | 'overridden_by'> & { evidence: Json })[];
  steps: StepRecord[];
  undo: { cause: UndoCause; step: string | null; error: RunError | null; left: string[] } | null;
  triggers: Json[];
  release: string | null;
};

export type StepRecord = {
  id: string;
  uses: string;
  phase: Phase;
  status: StepState['status'];
  attempts: number;
  started_at: string | null;
  ended_at: string | null;
  outputs: Record<string, Json | undefined>;
  error: RunError | null;
};

export function runJson(state: RunState): RunRecord {
  return {
    id: state.run,
    playbook: state.playbook,
    stack: state.project,
    status: state.status,
    say: state.say ?? null,
    plan_id: state.plan_id,
    started_at: iso(state.created_at),
    ended_at: isoOrNull(state.ended_at),
    inputs: state.inputs,
    by: state.by ?? null,
    started_by: state.started_by,
    guards: state.guards.map(guardRecord),
    steps: state.steps.map(stepRecord),
    undo: undoRecord(state),
    triggers: [],
    release: state.release ?? null,
  };
}

function header(state: RunState, style: Style): string[] {
  const took = state.ended_at === undefined ? [] : [`ended ${sayTime(state.ended_at)}`];
  const by = state.by === undefined ? [] : [`by ${state.by.user}@${state.by.host} (${state.started_by})`];
  const facts = [`started ${sayTime(state.created_at)} UTC`, ...took, ...by, `plan ${state.plan_id}`];
  const commit = state.commit === undefined ? [] : [`commit ${state.commit.slice(0, 7)}`];
  const title = `Run ${state.run}: ${state.playbook} → ${state.project}, ${state.status}`;
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
  const rows = state.steps.filter((step) => step.phase !== 'verify').map(stepRow);
  return printed(rows, state, style);
}

function stepRow(step: StepState): Row {
  const ms =
    step.started_at === undefined || step.ended_at === undefined ? {} : { ms: step.ended_at - step.started_at };
  const tries = step.attempts > 1 ? ` (${step.attempts} attempts)` : '';
  if (step.status === 'skipped') return { mark: '–', name: step.id, text: `skipped, ${step.skipped_because ?? ''}` };
  if (step.status === 'failed' || step.status === 'retrying') {
    const { message = 'no reason is recorded', lines = [], hint } = step.error ?? {};
    return {
      mark: '✗',
      name: step.id,
      text: clause(message) + tries,
      ...ms,
      more: [...lines, ...(hint === undefined ? [] : [`→ ${hint}`])],
    };
  }
  if (step.status === 'done') return { mark: '✓', name: step.id, text: said(step) + tries, ...ms };
  return { mark: '›', name: step.id, text: `${step.uses}, not ended` };
}

function said(step: StepState): string {
  const say = step.outputs?.['say'];
  return typeof say === 'string' ? say : fromOutputs(step.outputs ?? {}) || 'done';
}

function undo(state: RunState, style: Style): string[] {
  if (state.undo === undefined) return [];
  const taken = [...state.receipts]
    .reverse()
    .filter((receipt) => receipt.status !== 'settled')
    .map(receiptRow);
  const verified = state.steps
    .filter((step) => step.phase === 'verify')
    .map((step) => ({ ...stepRow(step), name: 'verify', text: `${step.id}: ${stepRow(step).text}` }));
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
  return printed([...taken, ...verified, ...comparison], state, style);
}

function receiptRow(receipt: ReceiptState): Row {
  if (receipt.status === 'undone')
    return { mark: '↺', name: receipt.step, text: receipt.say ?? 'one change taken back' };
  if (receipt.status === 'undo-failed')
    return {
      mark: '✗',
      name: receipt.step,
      text: `not taken back: ${receipt.error?.message ?? 'no reason is recorded'}`,
    };
  return { mark: '›', name: receipt.step, text: receipt.status === 'undoing' ? 'is taken back' : 'not taken back' };
}

function printed(rows: readonly Row[], state: RunState, style: Style): string[] {
  const names = nameColumns([
    'compare',
    ...state.steps.map((step) => step.id),
    ...state.guards.map((guard) => guard.id),
  ]);
  const narrower = { ...style, width: Math.min(110, style.width) };
  return rows.flatMap((row) => printRow({ ...row, name: padTo(row.name, names) }, names, narrower));
}

function guardRecord({ id, verdict, say, step, overridden_by, evidence }: GuardVerdict): RunRecord['guards'][number] {
  return {
    id,
    verdict,
    say,
    ...(step === undefined ? {} : { step }),
    ...(overridden_by === undefined ? {} : { overridden_by }),
    evidence: evidence ?? null,
  };
}

function stepRecord(step: StepState): StepRecord {
  const { id, uses, phase, status, attempts, outputs = {}, error = null } = step;
  return {
    id,
    uses,
    phase,
    status,
    attempts,
    started_at: isoOrNull(step.started_at),
    ended_at: isoOrNull(step.ended_at),
    outputs,
    error,
  };
}

function undoRecord({ undo: turned, compared, receipts }: RunState): RunRecord['undo'] {
  if (turned === undefined) return null;
  const failed = receipts.filter((receipt) => receipt.status === 'undo-failed');
  const left = [...failed.map((receipt) => receipt.error?.message ?? receipt.step), ...(compared?.differences ?? [])];
  return { cause: turned.cause, step: turned.step ?? null, error: turned.error ?? null, left };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function isoOrNull(at: number | undefined): string | null {
  return at === undefined ? null : iso(at);
}
