import { type Call, type Connection, openStream } from './docker-call.ts';

/** The bytes of an answer that may never end, as they come: until the signal is aborted or the engine closes it. Rejects where it breaks. */
export async function* readStream(connection: Connection, call: Call, signal: AbortSignal): AsyncIterable<Buffer> {
  if (signal.aborted) return;
  const stream = await openStream(connection, call, signal).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (stream === undefined) return;
  const abort = () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    for await (const chunk of stream) yield Buffer.from(chunk);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
}
