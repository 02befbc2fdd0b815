import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** How text is set out: how wide, and in which colours. Colour only repeats what the words already say. */
export type Style = {
  /** Columns of a line. */
  readonly width: number;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly note: Paint;
  readonly quiet: Paint;
  readonly strong: Paint;
};

/** Where text is written to, as far as its look depends on it. */
export type Surface = { isTTY?: boolean | undefined; columns?: number | undefined };

const narrowest = 40;
const usual = 100;

/** Text without colour: pipes, files, tests. */
export function plainStyle(width: number = usual): Style {
  return { width, good: same, bad: same, warn: same, note: same, quiet: same, strong: same };
}

export function colourStyle(width: number = usual): Style {
  return {
    width,
    good: paint('green'),
    bad: paint('red'),
    warn: paint('yellow'),
    note: paint('cyan'),
    quiet: paint('dim'),
    strong: paint('bold'),
  };
}

/** The style for a stream: colour on terminals only, never with `--no-color`, `NO_COLOR` or a dumb terminal. */
export function styleFor(
  surface: Surface,
  env: Readonly<Record<string, string | undefined>>,
  options: { noColor?: boolean } = {},
): Style {
  const width = Math.max(narrowest, surface.columns ?? usual);
  return wantsColour(surface, env) && !options.noColor ? colourStyle(width) : plainStyle(width);
}

function wantsColour(surface: Surface, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return surface.isTTY === true && env['TERM'] !== 'dumb';
}

function paint(format: Parameters<typeof styleText>[0]): Paint {
  return (text) => (text === '' ? text : styleText(format, text, { validateStream: false }));
}

function same(text: string): string {
  return text;
}
