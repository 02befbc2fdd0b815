import { jsonText } from '../report/gate.ts';
import { beside, padTo } from '../report/layout.ts';
import type { Style } from '../report/style.ts';
import type { Invocation } from './command.ts';
import { type Finding, lookAtEngine } from './doctor-engine.ts';
import { lookAtHistory } from './doctor-history.ts';

/** `playbook doctor`: what is missing or risky on this host, each with what to do about it. Changes nothing. */
export async function doctor(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const findings = [lookAtNode(), ...(await lookAtEngine(invocation)), ...lookAtHistory(invocation)];
  const shown = flags.quiet ? findings.filter(({ level }) => level !== 'ok') : findings;
  if (flags.json) io.out(`${jsonText(findings, 2)}\n`);
  else io.out(shown.map((finding) => lineOf(finding, io.style)).join(''));
  return findings.some(({ level }) => level === 'missing') ? 9 : 0;
}

function lookAtNode(): Finding {
  // An older one does not get this far: the bin asks for 24.15.
  return { level: 'ok', name: 'node', say: `Node.js ${process.versions.node}` };
}

function lineOf({ level, name, say, fix }: Finding, style: Style): string {
  const paint = { ok: style.good, warn: style.warn, missing: style.bad }[level];
  const [first = '', ...rest] = beside(padTo(padTo(level, 9) + name, COLUMN), say, style.width);
  const next = fix === undefined ? [] : beside(' '.repeat(COLUMN), fix, style.width);
  return [paint(level) + first.slice(level.length), ...rest, ...next].map((line) => `${line}\n`).join('');
}

/** Where the sentences begin. */
const COLUMN = 20;
