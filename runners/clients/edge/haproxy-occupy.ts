import { StepFailure } from '../../../src/errors.ts';
import type { Steering } from './haproxy-changes.ts';
import { dnsName, type Slot } from './haproxy-slots.ts';
import type { EdgeContainer } from './types.ts';

/** A container on its way into a place. */
export type Occupying = {
  slot: Slot;
  container: EdgeContainer;
  address: { ip: string; port: number };
  weight: number;
};

/**
 * Puts a container into a place without giving it a request. What the place stood for before leaves the result of its last check
 * behind: declared down, only a check of the new address brings the place up again, whatever `rise` and `fall` are.
 */
export async function occupy(
  { slot, container, address, weight }: Occupying,
  end: number,
  { place, ask, context, command }: Steering & { command: (text: string) => Promise<void> },
): Promise<void> {
  const server = `set server ${place.backend}/${slot.name}`;
  await command(`${server} state maint`);
  // By name, so that a restart of the edge or of the engine finds it again; HAProxy on a host has no DNS that knows containers.
  const named = await ask(`${server} fqdn ${dnsName(container.id)}`);
  for (;;) {
    const answer = await ask(`${server} addr ${address.ip} port ${address.port}`);
    if (/changed from|no need to change/.test(answer)) break;
    // It takes no address before the first answer of its DNS, some milliseconds later.
    if (!/address family/.test(answer) || !/changed its FQDN/.test(named) || context.clock.now() > end)
      throw new StepFailure(`HAProxy does not take the address of ${container.name}: ${answer.split('\n')[0]}`, {
        class: 'conflict',
        hint: 'Give the backend `resolvers` that know containers by name, else `init-addr last,127.0.0.1`; see runners/edge/README.md.',
      });
    await context.clock.sleep(20, context.signal);
  }
  await command(`${server} weight ${weight}`);
  await command(`${server} state drain`);
  if (slot.check !== 'none') await command(`${server} health down`);
}

/** Waits until the edge's own check passes for all of them. */
export async function untilChecked(
  entering: readonly Occupying[],
  end: number,
  within: number,
  { slots, context, place }: Steering,
): Promise<void> {
  for (;;) {
    const now = await slots();
    const failing = entering.filter(({ slot }) => {
      const check = now.find(({ name }) => name === slot.name)?.check;
      return check !== 'passes' && check !== 'none';
    });
    if (failing.length === 0) return;
    if (context.clock.now() > end) {
      const names = failing.map(({ container }) => container.name).join(', ');
      throw new StepFailure(
        `HAProxy's own check of ${names} does not pass within ${Math.round(within / 100) / 10} s; nothing was switched.`,
        {
          class: 'unhealthy',
          hint: `Does ${place.service} answer what \`option httpchk\` of backend ${place.backend} asks?`,
        },
      );
    }
    await context.clock.sleep(20, context.signal);
  }
}
