import type { Context } from '../../../src/runner/contract.ts';
import { parseComposeDuration } from '../compose-duration.ts';
import type { DesiredStack, ObservedContainer } from '../model.ts';
import type { Up } from './create.ts';

/**
 * Stops a container that is kept for the way back, with the grace period of the new file (F31). Without the change of
 * policy an engine that restarts would bring it back (proofs.md §1).
 */
export async function retireContainer(
  container: Pick<ObservedContainer, 'id' | 'service'>,
  { desired, uncut }: { desired: Pick<DesiredStack, 'services'> } & Pick<Up, 'uncut'>,
): Promise<void> {
  const grace = parseComposeDuration(desired.services[container.service]?.config.stop_grace_period);
  await uncut.restartPolicy(container.id, { Name: 'no' });
  await uncut.stop(container.id, grace === undefined ? undefined : Math.ceil(grace / 1000));
}

/** The same context, but for the signal: what goes on in the engine after a cancel has to be seen to its end. */
export function neverCut<C extends Context>(context: C): C {
  const signal = { value: new AbortController().signal, enumerable: true };
  return Object.create(context, { signal, look: { value: Object.create(context.look, { signal }) } }) as C;
}
