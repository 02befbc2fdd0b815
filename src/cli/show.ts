import { readFile } from 'node:fs/promises';
import type { RunState } from '../engine/run-state.ts';
import { foldEvents } from '../engine/state.ts';
import { listEvidence } from '../history/evidence.ts';
import { runFolder } from '../history/run-folder.ts';
import type { RunRow, Store } from '../history/store.ts';
import { cleanText } from '../report/clean.ts';
import { printEvents } from '../report/events.ts';
import { printRun, runJson } from '../report/run.ts';
import type { Invocation } from './command.ts';
import { findRun } from './find-run.ts';
import { type History, readHistory } from './history-access.ts';

/** `playbook show [RUN]`: what happened in a run, its journal, or what it kept as evidence. */
export async function show(invocation: Invocation): Promise<number> {
  const history = readHistory(invocation);
  try {
    const row = findRun(invocation.args[0], history);
    const { store } = history;
    if (store === undefined) return 0;
    invocation.io.out(await textOf(row, { ...history, store }, invocation));
    return 0;
  } finally {
    history.close();
  }
}

async function textOf(row: RunRow, history: History & { store: Store }, { flags, io }: Invocation): Promise<string> {
  const events = history.store.events(row.run);
  if (flags.events) {
    if (!flags.json) return printEvents(events);
    return events.map((event) => `${JSON.stringify(event)}\n`).join('');
  }
  if (flags.evidence) return evidenceOf(row, history.dir, flags.json ? 'json' : 'text');
  // The journal of a killed run ends as if it were still going on; the row knows better.
  const state: RunState = { ...foldEvents(events), status: row.status };
  return flags.json ? `${JSON.stringify(runJson(state), null, 2)}\n` : printRun(state, io.style);
}

async function evidenceOf({ run }: RunRow, dir: string, form: 'json' | 'text'): Promise<string> {
  const kept = await listEvidence(runFolder(dir, run));
  if (form === 'json') return `${JSON.stringify(kept, null, 2)}\n`;
  if (kept.length === 0) return `Run ${run} kept no evidence.\n`;
  const parts = kept.map(async ({ name, file }) => printEvidence(name, file, cleanText(await readFile(file, 'utf8'))));
  return (await Promise.all(parts)).toSorted((a, b) => a.length - b.length).join('\n');
}

const mostLines = 60;

/** The end of a log tells why; whatever else is long is for other programs, and its place is enough. */
function printEvidence(name: string, file: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  const left = lines.length - mostLines;
  if (left <= 0) return `── ${name}  ${file}\n${lines.join('\n')}\n`;
  if (!name.endsWith('.log')) return `── ${name}  ${file}  (${lines.length} lines)\n`;
  return `── ${name}  ${file}\n… ${left} lines before\n${lines.slice(-mostLines).join('\n')}\n`;
}
