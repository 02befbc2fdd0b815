import type { RunEvent } from '../engine/events.ts';
import { clean } from './clean.ts';
import { padLeft, padTo } from './layout.ts';

/** The journal for people: one line per event, with everything it holds. */
export function printEvents(given: readonly RunEvent[]): string {
  const events = given.map(clean);
  const numbers = String(events.length).length;
  const types = Math.max(0, ...events.map((event) => event.type.length));
  const line = (event: RunEvent) =>
    `${padLeft(String(event.seq), numbers)}  ${new Date(event.at).toISOString()}  ${padTo(event.type, types)}  ${rest(event)}`;
  return events.map((event) => `${line(event).trimEnd()}\n`).join('');
}

function rest(event: RunEvent): string {
  const { type: _, seq: __, at: ___, run: ____, ...body } = event;
  return Object.entries(body)
    .map(([name, value]) => `${name}=${written(value)}`)
    .join(' ');
}

/** A word stands as it is; everything else as JSON, which keeps it on one line. */
function written(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
