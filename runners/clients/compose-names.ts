import type { Problem } from '../../src/errors.ts';
import type { SourceFile } from './compose-files.ts';
import { composeProblem } from './compose-problem.ts';
import type { ComposeModel } from './compose-types.ts';

/**
 * Names in a rendered file that every object has by itself (`constructor`, `__proto__`): looked up by such a name, what is
 * not there would seem to be there. Nobody calls a service so; whoever does is told before anything is touched.
 */
export function impossibleNames(model: ComposeModel, files: readonly SourceFile[]): Problem[] {
  return sections.flatMap((section) =>
    Object.keys(model[section] ?? {})
      .filter((name) => name in {})
      .map((name) => ({
        ...composeProblem(`${section}.${name}`, files),
        message: `\`${name}\` cannot be the name of one of the ${section}: it means something to every program in JavaScript`,
        hint: 'call it otherwise; a volume or network keeps its data and its place with a `name:` of its own',
      })),
  );
}

const sections = ['services', 'networks', 'volumes', 'configs', 'secrets'] as const;
