import type { ReceiptState, RunState, StepState } from '../engine/run-state.ts';
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
