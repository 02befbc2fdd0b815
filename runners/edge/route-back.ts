import type { Context, Done } from '../../src/runner/contract.ts';
import { edgeChanger } from '../clients/edge/open.ts';
import type { EdgeContainer, EdgeWish } from '../clients/edge/types.ts';
import { listed } from '../stack/words.ts';
import { CHECK_WITHIN, letGo } from './let-go.ts';
import type { EdgeReceipt, Known } from './receipt.ts';

/**
 * Makes the touched containers at the edge what they were: first those that served serve again, each once its check passes, with
 * its weight; only then are the others let go, with the same bound. What is gone by now is said and left out.
 */
export async function routeBack({ place, was, within }: EdgeReceipt, context: Context): Promise<Done> {
  const edge = await edgeChanger(place, context);
  const containers = await edge.containers();
  const found = was.map((known) => ({ known, now: counterpart(known, containers) }));
  const ready = found.filter(({ known }) => known.state === 'ready');
  for (const { known } of ready.filter(({ now }) => !now?.running))
    context.log(`${known.name} served and does not run any more: it is not let in at ${place.driver}`);
  const back = ready.flatMap(({ known, now }) => (now?.running ? [{ known, id: now.id }] : []));
  await edge.put(
    back.map(
      ({ known, id }): EdgeWish => ({
        container: id,
        state: 'ready',
        ...(edge.can.weights && { weight: known.weight }),
      }),
    ),
    CHECK_WITHIN,
  );
  const servers = await edge.servers();
  const leaving = (state: 'out' | 'drain') =>
    found
      .filter(({ known }) => known.state === state)
      .flatMap(({ now }) => now?.id ?? [])
      .filter((id) => servers.some(({ container, state: is }) => container === id && is !== 'out' && is !== state));
  await letGo(leaving('out'), edge, context, { within });
  await letGo(leaving('drain'), edge, context, { within, known: true });
  await edge.persist();
  const names = back.map(({ known }) => known.name);
  if (names.length > 0)
    return { say: `${listed(names)} ${names.length === 1 ? 'gets' : 'get'} the requests of ${place.service} again` };
  const out = found.filter(({ known }) => known.state !== 'ready').map(({ known }) => known.name);
  return { say: `${listed(out)} ${out.length === 1 ? 'gets' : 'get'} no more requests` };
}

/** Takes out what was only kept known for the way back, unless somebody gave it requests again. */
export async function settleRoute({ place, retire }: EdgeReceipt, context: Context): Promise<Done> {
  if (retire.length === 0) return undefined;
  const edge = await edgeChanger(place, context);
  const kept = (await edge.servers()).flatMap(({ container, state }) =>
    state === 'drain' && container !== undefined && retire.includes(container) ? [container] : [],
  );
  await edge.put(
    kept.map((container) => ({ container, state: 'out' })),
    CHECK_WITHIN,
  );
  await edge.persist();
  return undefined;
}

/** By ID, else by name: a container that had to be made again has another ID. */
function counterpart({ id, name }: Known, containers: readonly EdgeContainer[]): EdgeContainer | undefined {
  return containers.find((container) => container.id === id) ?? containers.find((container) => container.name === name);
}
