import { readFile } from 'node:fs/promises';
import type { RunState } from '../engine/run-state.ts';
import { foldEvents } from '../engine/state.ts';
import { listEvidence } from '../history/evidence.ts';
import { runFolder } from '../history/run-folder.ts';
import type { RunRow, Store } from '../history/store.ts';
import { cleanText, jsonText } from '../report/clean.ts';
import { printEvents } from '../report/events.ts';
import { printRun } from '../report/run.ts';
import { runJson } from '../report/run-json.ts';
import type { Invocation } from './command.ts';
import { findRun } from './find-run.ts';
import { type History, readHistory } from './history-access.ts';
import { shortPath } from './short-path.ts';

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
    return events.map((event) => `${jsonText(event)}\n`).join('');
  }
  if (flags.evidence) return flags.json ? evidenceJson(row, history.dir) : evidenceText(row, history.dir, io.cwd);
  // The journal of a killed run ends as if it were still going on; the row knows better.
  const state: RunState = { ...foldEvents(events), status: row.status };
  return flags.json ? `${jsonText(runJson(state), 2)}\n` : printRun(state, io.style);
}

async function evidenceJson({ run }: RunRow, dir: string): Promise<string> {
  return `${jsonText(await listEvidence(runFolder(dir, run)), 2)}\n`;
}

async function evidenceText({ run }: RunRow, dir: string, cwd: string): Promise<string> {
  const kept = await listEvidence(runFolder(dir, run));
  if (kept.length === 0) return `Run ${run} kept no evidence.\n`;
  const parts = kept.map(async ({ name, file }) => {
    const lines = cleanText(await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n');
    const isLog = name.endsWith('.log');
    const rank = isLog ? 0 : lines.length > mostLines ? 2 : 1;
    return { rank, text: `── ${shortPath(file, cwd)}${isLog ? endOf(lines) : wholeOf(lines)}\n` };
  });
  const read = (await Promise.all(parts)).toSorted((a, b) => a.rank - b.rank);
  return read.map(({ text }) => text).join('\n');
}

const mostLines = 60;

/** What a log says at its end is why it failed. */
function endOf(lines: readonly string[]): string {
  const before = lines.length - mostLines;
  return `${before > 0 ? `  (${before} lines before these)` : ''}\n${lines.slice(-mostLines).join('\n')}`;
}

/** What is long is for other programs: its place is enough. */
function wholeOf(lines: readonly string[]): string {
  return lines.length > mostLines ? `  (${lines.length} lines)` : `\n${lines.join('\n')}`;
}
