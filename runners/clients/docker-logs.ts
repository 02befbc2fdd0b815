import { plainText } from '../../src/runner/plain-text.ts';
import type { Connection } from './docker-call.ts';
import { readStream } from './docker-stream.ts';
import type { LogLine } from './docker-types.ts';

/** Lines of a container's log as it writes them, until it ends, the signal is aborted, or the stream breaks (then it rejects). */
export async function* readLog(
  connection: Connection,
  id: string,
  options: { since?: string; follow?: boolean },
  signal: AbortSignal,
): AsyncIterable<LogLine> {
  const path = `/containers/${encodeURIComponent(id)}/logs`;
  const follow = options.follow ?? true;
  const query = { stdout: true, stderr: true, timestamps: true, follow, since: options.since };
  const splitter = logSplitter();
  for await (const chunk of readStream(connection, { method: 'GET', path, query }, signal)) yield* splitter.push(chunk);
  yield* splitter.end();
}

type Stream = LogLine['stream'];
type Half = { time: string; text: string };

/** Of a longer line the rest is dropped: a program that never ends its line must not fill the memory. */
const longest = 64 * 1024;

/** Takes a log with timestamps apart, chunk by chunk, wherever the chunks are cut. */
export function logSplitter(): { push(chunk: Buffer): LogLine[]; end(): LogLine[] } {
  let bytes = Buffer.alloc(0);
  let framed: boolean | undefined;
  const halves: Partial<Record<Stream, Half>> = {};

  return {
    push(chunk) {
      bytes = Buffer.concat([bytes, chunk]);
      // A timestamp begins with a digit, a frame with the number of its stream: 0 to 2.
      framed ??= bytes.length > 0 ? (bytes[0] ?? 0) <= 2 : undefined;
      return framed ? frames() : textLines();
    },
    end() {
      const last = framed === false && bytes.length > 0 ? message('stdout', bytes.toString('utf8')) : [];
      const left = (['stdout', 'stderr'] as const).flatMap((stream) => endLine(stream));
      return [...last, ...left];
    },
  };

  /** A container without a terminal: 1 byte stream, 3 zeros, 4 bytes length, then one message. */
  function frames(): LogLine[] {
    const lines: LogLine[] = [];
    let at = 0;
    while (at + 8 <= bytes.length) {
      const end = at + 8 + bytes.readUInt32BE(at + 4);
      if (end > bytes.length) break;
      lines.push(...message(bytes[at] === 2 ? 'stderr' : 'stdout', bytes.toString('utf8', at + 8, end)));
      at = end;
    }
    bytes = bytes.subarray(at);
    return lines;
  }

  function textLines(): LogLine[] {
    const end = bytes.lastIndexOf('\n') + 1;
    const text = bytes.toString('utf8', 0, end);
    bytes = bytes.subarray(end, end + longest);
    return end === 0 ? [] : text.split(/(?<=\n)/).flatMap((line) => message('stdout', line));
  }

  /** A message without a line end is a part of a long line; each part has a timestamp of its own. */
  function message(stream: Stream, text: string): LogLine[] {
    const found = stamp.exec(text);
    const said = found ? text.slice(found[0].length) : text;
    const half = halves[stream] ?? { time: found ? timeOf(found) : '', text: '' };
    halves[stream] = { ...half, text: `${half.text}${said}`.slice(0, longest) };
    return text.endsWith('\n') ? endLine(stream) : [];
  }

  function endLine(stream: Stream): LogLine[] {
    const half = halves[stream];
    if (!half) return [];
    delete halves[stream];
    const line = plainText(half.text).trimEnd().replaceAll('\n', ' ');
    return line.trim() === '' ? [] : [{ line, time: half.time, stream }];
  }
}

const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?/;

/** Seconds and nanoseconds, as the engine takes them for `since`. */
function timeOf([, date, nanoseconds = '', zone]: RegExpExecArray): string {
  return `${Date.parse(`${date}${zone}`) / 1000}.${nanoseconds.padEnd(9, '0')}`;
}
