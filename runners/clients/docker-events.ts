import { type Connection, openStream } from './docker-call.ts';
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
  if (signal.aborted) return;
  const stream = await openStream(connection, { method: 'GET', path: '/events', query }, signal).catch(
    (error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    },
  );
  if (stream === undefined) return;
  const abort = () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    for await (const line of linesOf(stream)) yield parseEvent(line);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
}

/** Not `readline`: its iterator never ends when the stream under it is destroyed. */
async function* linesOf(stream: NodeJS.ReadableStream): AsyncIterable<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = `${rest}${String(chunk)}`.split('\n');
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
