import { isatty } from 'node:tty';
import { cleanOutput } from '../report/gate.ts';
import { type Style, styleFor } from '../report/style.ts';

/** Where a command reads from and writes to. */
export type Io = {
  /** What a person or a program asked for: stdout. */
  out(text: string): void;
  /** What went wrong, and questions: stderr. */
  err(text: string): void;
  readonly style: Style;
  readonly width: number;
  /** Somebody can be asked. */
  readonly interactive: boolean;
  /** The screen can be drawn over. */
  readonly live: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** From now on this is done to every text before it is written: secrets are taken out. */
  mask(hide: (text: string) => string): void;
};

/** The process's own streams. Once a reader is gone, what would be written is dropped: the work goes on without it. */
export function createIo(argv: readonly string[]): Io {
  const hiders: ((text: string) => string)[] = [];
  const hidden = (text: string) => cleanOutput(hiders.reduce((left, hide) => hide(left), text));
  const out = writer(process.stdout);
  const err = writer(process.stderr);
  const env = Object.fromEntries(Object.entries(process.env).filter(hasValue));
  // Known before the options are parsed, as help and errors of usage are styled too.
  const surface = { isTTY: process.stdout.isTTY, columns: process.stdout.columns || undefined };
  const style = styleFor(surface, env, { noColor: argv.includes('--no-color') });
  return {
    out: (text) => out(hidden(text)),
    err: (text) => err(hidden(text)),
    style,
    width: style.width,
    // `process.stdin` would open the stream, and most commands never read.
    interactive: isatty(0),
    live: process.stdout.isTTY && env['TERM'] !== 'dumb',
    cwd: process.cwd(),
    env,
    mask: (hide) => hiders.push(hide),
  };
}

function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let gone = false;
  // EPIPE of a closed pipe, EIO of a lost terminal: a listener is all it takes for them not to end the process.
  stream.on('error', () => {
    gone = true;
  });
  letItWait(stream);
  return (text) => {
    if (!gone && text !== '' && stream.writableLength < MOST_WAITING) stream.write(text);
  };
}

/** What may wait for a reader that stands still; beyond it, what comes is dropped. */
const MOST_WAITING = 8 * 1024 * 1024;

/**
 * Node writes to a terminal at once and whole: one that nobody reads (a cut connection that has not timed out yet, Ctrl-S)
 * would hold the whole process, with a stack half changed and every time limit asleep.
 */
function letItWait(stream: NodeJS.WriteStream & { _handle?: { setBlocking?(on: boolean): unknown } }): void {
  // oxlint-disable-next-line no-underscore-dangle -- Node has no public name for it
  if (stream.isTTY) stream._handle?.setBlocking?.(false);
}

function hasValue(entry: [string, string | undefined]): entry is [string, string] {
  return entry[1] !== undefined;
}
