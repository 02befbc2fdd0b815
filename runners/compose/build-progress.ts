import type { Progress } from '../../src/runner/contract.ts';

/** What is worth saying of a line that the builder prints: `log` for what took its time, `progress` for what goes on. */
export type BuildSaid = { log?: string; progress?: Progress };

/**
 * Reads the builder's plain output line by line. Of a build whose layers are all cached nothing is worth a line; the
 * instructions that ran are, with how long they took. Pure but for the names of instructions that it remembers.
 */
export function buildProgress(): (line: string) => BuildSaid {
  const instructions = new Map<string, string>();
  return (line) => {
    const [, number = '', text = ''] = /^#(\d+) (.*)$/.exec(line) ?? [];
    if (text.startsWith('[')) {
      if (!/^\[(\S+ )?internal\]/.test(text)) instructions.set(number, text);
      return { progress: { say: text } };
    }
    const instruction = instructions.get(number);
    if (instruction === undefined) return {};
    const took = /^DONE (\d+\.\d)s$/.exec(text)?.[1];
    if (took !== undefined) return took === '0.0' ? {} : { log: `${instruction} (${took} s)` };
    if (text.startsWith('ERROR')) return { log: `${instruction}: ${text}` };
    const output = /^\d+\.\d+ (.+)$/.exec(text)?.[1];
    return output === undefined ? {} : { progress: { say: `${instruction}: ${output}` } };
  };
}
