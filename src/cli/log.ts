import type { Logger } from 'pino';
import { escapedJson } from '../report/gate.ts';
import type { Io } from './io.ts';

/** A log for whoever looks for a fault, as JSON lines on stderr; only with `PLAYBOOK_LOG=debug` (or another level). */
export async function openLog(io: Io): Promise<Logger | undefined> {
  const level = io.env['PLAYBOOK_LOG'];
  if (!level) return undefined;
  const { pino } = await import('pino');
  const known = level in pino.levels.values ? level : 'info';
  // Through `io`, so that secrets are taken out here as everywhere.
  return pino({ level: known, base: { pid: process.pid } }, { write: (line) => io.err(escapedJson(line)) });
}
