import type { Progress } from '../../src/runner/contract.ts';

/** Turns the lines of `docker pull` into how far it is, counted in layers. */
export function pullProgress(name: string): (line: string) => Progress | undefined {
  const layers = new Map<string, boolean>();
  return (line) => {
    const [, layer = '', status = ''] = /^([0-9a-f]{12}): (.+)$/.exec(line) ?? [];
    if (layer === '') return undefined;
    layers.set(layer, /^(Pull complete|Already exists)/.test(status));
    const done = [...layers.values()].filter(Boolean).length;
    return { say: `pulling ${name}`, done, total: layers.size };
  };
}
