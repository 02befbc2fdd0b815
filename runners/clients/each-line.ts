import type { Readable } from 'node:stream';

/** Of a longer line the rest is dropped: a program that never ends its line must not fill the memory. */
export const LONGEST_LINE = 64 * 1024;

/**
 * Gives each line that a program writes, the last one too where it has no end; resolves once the stream is closed. Not
 * `readline`: it keeps a line however long it gets, and says nothing of the last one when the stream is destroyed.
 */
export function eachLine(stream: Readable, note: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const [first = '', ...more] = chunk.split('\n');
    rest = begun(rest, first);
    for (const next of more) {
      note(rest);
      rest = begun('', next);
    }
  });
  return new Promise((resolve) => {
    stream.once('close', () => {
      if (rest !== '') note(rest);
      resolve();
    });
  });
}

function begun(line: string, more: string): string {
  return line.length >= LONGEST_LINE ? line : (line + more).slice(0, LONGEST_LINE);
}
