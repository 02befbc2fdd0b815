import { StepFailure } from '../../../src/errors.ts';
import type { RunContext } from '../../../src/runner/contract.ts';
import { listed } from '../words.ts';
import type { Up } from './create.ts';
import type { MakeReceipt } from './receipts.ts';

/** F03: nothing is stopped before every image is here. */
export function checkImages({ works, desired }: Pick<Up, 'works' | 'desired'>): void {
  const missing = works.filter((work) => work.make > 0 && work.decision.image_id === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ service }) => `${desired.services[service]?.image} (${service})`);
  throw new StepFailure(`Not here: the image ${listed(names)}.`, {
    class: 'not-found',
    hint: 'Let compose.pull or compose.build stand before this step, or pull it by hand.',
  });
}

/** Compose makes containers by name: each name has to mean the image of the plan, whoever moved it meanwhile (F06). */
export async function pointNames({ works, desired, docker }: Up, context: RunContext<MakeReceipt>): Promise<void> {
  for (const work of works.filter(({ make }) => make > 0)) {
    const name = desired.services[work.service]?.image ?? '';
    const to = work.decision.image_id;
    const now = (await docker.image(name))?.Id ?? null;
    if (to === undefined || now === to || name.includes('@')) continue;
    await context.record({ kind: 'tag', name, from: now, to });
    await docker.tag(to, name);
  }
}
