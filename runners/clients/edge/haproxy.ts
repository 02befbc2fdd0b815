import { Refusal } from '../../../src/errors.ts';
import type { Context, Look } from '../../../src/runner/contract.ts';
import { dockerReader } from '../docker.ts';
import { reachedFrom } from './containers.ts';
import { steer } from './haproxy-changes.ts';
import { inspectHaproxy } from './haproxy-inspect.ts';
import { backendsOf, type Slot, serversOf, slotsOf } from './haproxy-slots.ts';
import { type Ask, patient, socketOf } from './haproxy-socket.ts';
import type { EdgeAbilities, EdgeChanger, EdgePlace, EdgeReader } from './types.ts';

/** HAProxy by its runtime socket: the servers of a `server-template` are places that containers are put into. */
export const driver = {
  async reader(place: EdgePlace, look: Look): Promise<EdgeReader> {
    return reading(place, look, socketOf(controlOf(place), look.signal));
  },
  async changer(place: EdgePlace, context: Context): Promise<EdgeChanger> {
    const ask = patient(socketOf(controlOf(place), context.signal), context, 5000);
    const reader = await reading(place, context.look, ask);
    const reached = async () => reachedFrom(place, await dockerReader(context.look));
    return { ...reader, ...steer({ place, context, ask, reached, slots: () => slotsAt(place, ask) }) };
  },
};

const can: EdgeAbilities = { weights: true, drain: 'exact', resets: 'no connection of a client is touched' };

async function reading(place: EdgePlace, look: Look, ask: Ask): Promise<EdgeReader> {
  const docker = await dockerReader(look);
  const reached = () => reachedFrom(place, docker);
  return {
    place,
    can,
    async servers() {
      const [slots, now] = await Promise.all([slotsAt(place, ask), reached()]);
      return serversOf(slots, now);
    },
    containers: async () => (await reached()).containers,
    inspect: async () => inspectHaproxy({ place, docker, ask, reached: await reached() }),
  };
}

/** The servers of the place's backend; a Refusal that names the backends there are where it is none of them. */
async function slotsAt({ backend, service }: EdgePlace, ask: Ask): Promise<Slot[]> {
  const [stat, state] = [await ask('show stat'), await ask('show servers state')];
  const slots = slotsOf(backend, stat, state);
  if (slots) return slots;
  const names = backendsOf(stat).map(({ name }) => name);
  throw new Refusal('no-go', `HAProxy has no backend ${backend}, in which ${service} should be.`, {
    hint: `Backends: ${names.join(', ') || 'none'}. Name one of them as \`backend\` of x-playbook.edge.`,
  });
}

function controlOf({ control, service }: EdgePlace): string {
  if (control !== undefined && (control.startsWith('/') || /:\d+$/.test(control))) return control;
  throw new Refusal('no-go', `x-playbook.edge of ${service} does not say where HAProxy is steered.`, {
    hint: 'Give `control`: the path of its `stats socket` on this host, or host:port.',
  });
}
