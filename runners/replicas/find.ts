import { Refusal } from '../../src/errors.ts';
import type { DesiredStack, ObservedContainer, ObservedStack } from '../stack/model.ts';
import { isPlaceholder } from './placeholder.ts';

/** The containers of a service by their IDs. A Refusal where there is no such service, or where an ID is none of its containers. */
export function containersOf(
  service: string,
  ids: readonly string[],
  { desired, observed }: { desired: DesiredStack; observed: ObservedStack },
): ObservedContainer[] {
  if (!desired.services[service]) {
    throw new Refusal('no-go', `There is no service ${service} in the Compose files.`, {
      hint: `Services: ${desired.order.join(', ')}.`,
    });
  }
  const present = observed.services[service] ?? [];
  return ids
    .filter((id) => !isPlaceholder(id))
    .map((id) => {
      const found = present.find((container) => container.id === id);
      if (found) return found;
      throw new Refusal('no-go', `${service} has no container ${id.slice(0, 12)} (any more).`, {
        hint: 'Let replicas.strategy name the containers: `steps.ID.services` has the full IDs of each service.',
      });
    });
}
