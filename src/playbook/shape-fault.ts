import type { Path } from './path.ts';
import type { ProblemCode } from './problem-codes.ts';

/** One way in which a value does not fit its schema. */
export type ShapeFault = {
  code: ProblemCode;
  path: Path;
  at: 'key' | 'value';
  message: string;
  hint?: string;
  /** The characters of a text that it is about. */
  span?: { start: number; end: number };
};

export type ShapeOptions = {
  /** Whether texts may be templates, whose values are checked once they are rendered. Open content is then looked through for secrets too. */
  templates: boolean;
  /** How a plain scalar is written in the file: `1.10`. */
  sourceOf?: (path: Path) => string | undefined;
  /** Why a key cannot be used yet. */
  notYet?: (path: Path) => string | undefined;
};
