import { StepFailure } from '../../../src/errors.ts';
import type { Context } from '../../../src/runner/contract.ts';
import type { Reached } from './containers.ts';
import { type Occupying, occupy, untilChecked } from './haproxy-occupy.ts';
import { freeSlots, points, type Slot, serversOf, wantedAddress } from './haproxy-slots.ts';
import type { Ask } from './haproxy-socket.ts';
import { persistFile } from './persist-file.ts';
import type { EdgeChanger, EdgeContainer, EdgePlace, EdgeWish } from './types.ts';

export type Steering = {
  place: EdgePlace;
  context: Context;
  ask: Ask;
  reached: () => Promise<Reached>;
  slots: () => Promise<Slot[]>;
};

/** The changes; each command names the backend, so that nothing of another one is ever touched. */
export function steer(steering: Steering): Omit<EdgeChanger, 'place' | 'can' | 'servers' | 'containers' | 'inspect'> {
  return {
    put: (wishes, within) => put(wishes, within, steering),
    quiet: (containers, within) => quiet(containers, within, steering),
    clear: () => clear(steering),
    async persist() {
      const { place, ask, context } = steering;
      if (place.file !== undefined) await persistFile(place.file, `${await ask('show servers state')}\n`, context);
    },
  };
}

async function put(wishes: readonly EdgeWish[], within: number, steering: Steering): Promise<void> {
  const { place, context } = steering;
  const [slots, reached] = await Promise.all([steering.slots(), steering.reached()]);
  const servers = serversOf(slots, reached);
  const slotOf = (id: string) => slots.find((_slot, index) => servers[index]?.container === id);
  const set = (slot: Slot, what: string) => command(steering, `set server ${place.backend}/${slot.name} ${what}`);

  const coming = wishes.filter(({ state }) => state === 'ready');
  const containers = coming.map(({ container }) => present(container, reached, place));
  const entering: Occupying[] = [];
  const taken = new Set<string>();
  for (const [index, wish] of coming.entries()) {
    const container = containers[index] as EdgeContainer;
    const known = slotOf(wish.container);
    const weight = wish.weight ?? (known && known.state !== 'out' ? known.weight : 100);
    if (known && known.state !== 'out' && serves(known, container, place)) {
      if (known.weight !== weight) await set(known, `weight ${weight}`);
      if (known.state === 'drain') await set(known, 'state ready');
      continue;
    }
    const address = wantedAddress(container, reached, place);
    if (!address) throw unreachable(container, place);
    const slot = known ?? freeSlots(slots, reached.containers).find(({ name }) => !taken.has(name) && !wished(name));
    if (!slot) throw full(slots, steering);
    taken.add(slot.name);
    entering.push({ slot, container, address, weight });
  }
  await enter(entering, within, steering);

  for (const wish of wishes.filter(({ state }) => state !== 'ready')) {
    const known = slotOf(wish.container);
    if (!known || (known.state === 'out' && wish.state === 'drain')) continue;
    if (wish.weight !== undefined && known.weight !== wish.weight) await set(known, `weight ${wish.weight}`);
    if (known.state !== wish.state) await set(known, `state ${wish.state === 'drain' ? 'drain' : 'maint'}`);
  }
  context.signal.throwIfAborted();

  function wished(name: string): boolean {
    return wishes.some(({ container }) => slotOf(container)?.name === name);
  }
}

/** All of them pass their check, or none of them comes in. */
async function enter(entering: readonly Occupying[], within: number, steering: Steering): Promise<void> {
  if (entering.length === 0) return;
  const { place, context } = steering;
  const end = context.clock.now() + within;
  const set = (slot: Slot, what: string) => command(steering, `set server ${place.backend}/${slot.name} ${what}`);
  try {
    for (const one of entering) await occupy(one, end, { ...steering, command: (text) => command(steering, text) });
    await untilChecked(entering, end, within, steering);
  } catch (error) {
    for (const { slot } of entering) await set(slot, 'state maint').catch(() => undefined);
    throw error;
  }
  for (const { slot } of entering) await set(slot, 'state ready');
}

async function quiet(ids: readonly string[], within: number, { slots, reached, context }: Steering) {
  const started = context.clock.now();
  for (;;) {
    const servers = serversOf(await slots(), await reached());
    const left = servers
      .filter(({ container }) => container !== undefined && ids.includes(container))
      .reduce((sum, { sessions }) => sum + sessions, 0);
    const waited = context.clock.now() - started;
    if (left === 0 || waited >= within) return { left, waited_ms: waited };
    await context.clock.sleep(Math.min(20, within - waited), context.signal);
  }
}

async function clear(steering: Steering): Promise<string[]> {
  const servers = serversOf(await steering.slots(), await steering.reached());
  const stale = servers.filter(({ state, container }) => state !== 'out' && container === undefined);
  for (const { name } of stale) await command(steering, `set server ${steering.place.backend}/${name} state maint`);
  return stale.map(({ name }) => name);
}

/** HAProxy tells a failure in plain text: what is no known success is one. */
async function command({ ask }: Pick<Steering, 'ask'>, text: string): Promise<void> {
  const answer = await ask(text);
  if (answer === '' || /changed (its FQDN )?from|no need to change/.test(answer)) return;
  throw new StepFailure(`HAProxy refused \`${text}\`: ${answer.split('\n')[0]}`, { class: 'conflict' });
}

/** In use where it is, with a check that passes: it can get requests at once. */
function serves(slot: Slot, container: EdgeContainer, { port }: EdgePlace): boolean {
  return points(slot, container, port) && (slot.check !== 'fails' || slot.state === 'ready');
}

function present(id: string, { containers }: Reached, { service }: EdgePlace): EdgeContainer {
  const found = containers.find((container) => container.id === id);
  if (found?.running) return found;
  const say = found ? `${found.name} does not run` : `${service} has no container ${id.slice(0, 12)} (any more)`;
  throw new StepFailure(`${say}, so it cannot be let in at the edge.`, { class: 'not-found' });
}

function unreachable({ name }: EdgeContainer, { edge }: EdgePlace): StepFailure {
  return new StepFailure(`${name} has no address at which ${edge ?? 'the edge'} could ask it.`, {
    class: 'conflict',
    hint: edge ? `Put the service into a network of ${edge}.` : 'Put the service into a network of the kind `bridge`.',
  });
}

function full(slots: readonly Slot[], { place }: Steering): StepFailure {
  const used = slots.filter(({ state }) => state !== 'out').length;
  return new StepFailure(
    `HAProxy has no free place for another container of ${place.service}: backend ${place.backend} has ${slots.length}, ${used} in use.`,
    { class: 'conflict', hint: 'Raise the number of its `server-template`: twice as many as there are replicas.' },
  );
}
