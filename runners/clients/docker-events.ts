import type { Connection } from './docker-call.ts';
import { readStream } from './docker-stream.ts';
import type { EngineEvent } from './docker-types.ts';
import { composeLabels, filters } from './engine-query.ts';

/** Events as the engine tells them, until the signal is aborted or the engine closes the stream. */
export async function* readEvents(
  connection: Connection,
  filter: { project?: string; types?: string[]; since?: string },
  signal: AbortSignal,
): AsyncIterable<EngineEvent> {
  const query = {
    since: filter.since,
    filters: filters({ label: composeLabels(filter.project, undefined), type: filter.types ?? [] }),
  };
  const chunks = readStream(connection, { method: 'GET', path: '/events', query }, signal);
  for await (const line of linesOf(chunks)) yield parseEvent(line);
}

/** Not `readline`: its iterator never ends when the stream under it is destroyed. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}

type RawEvent = { Type?: string; Action?: string; Actor?: { ID?: string; Attributes?: Record<string, string> } };

function parseEvent(line: string): EngineEvent {
  const raw = JSON.parse(line) as RawEvent;
  return {
    type: raw.Type ?? '',
    action: raw.Action ?? '',
    id: raw.Actor?.ID ?? '',
    attributes: raw.Actor?.Attributes ?? {},
    // Taken from the text: as a number it would lose its last digits.
    time_nano: /"timeNano":(\d+)/.exec(line)?.[1] ?? '',
  };
}
