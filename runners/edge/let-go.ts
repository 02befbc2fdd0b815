import type { Context } from '../../src/runner/contract.ts';
import type { EdgeChanger } from '../clients/edge/types.ts';
import { counted, sayDuration } from '../stack/words.ts';

/** What letting go found: requests in progress at its begin and at its end, and how long it took. */
export type Released = { requests: number; left: number; waited_ms: number };

/** How long an edge has for its own check of a container, in milliseconds; health was waited for before. */
export const CHECK_WITHIN = 30_000;

/** No new requests, those in progress end within the bound, then out; `known`: it stays known, so that the way back is one step. */
export async function letGo(
  ids: readonly string[],
  edge: EdgeChanger,
  context: Context,
  { within, known = false }: { within: number; known?: boolean },
): Promise<Released> {
  if (ids.length === 0) return { requests: 0, left: 0, waited_ms: 0 };
  const { service, driver } = edge.place;
  await edge.put(
    ids.map((container) => ({ container, state: 'drain' })),
    CHECK_WITHIN,
  );
  const requests = (await edge.servers())
    .filter(({ container }) => container !== undefined && ids.includes(container))
    .reduce((sum, { sessions }) => sum + sessions, 0);
  const { left, waited_ms } = await edge.quiet(ids, within);
  context.measure(`drain:${service}`, waited_ms);
  if (left > 0)
    context.log(
      `${service}: ${counted(left, 'request')} had not ended after ${sayDuration(within)}; ${driver} lets go all the same`,
    );
  if (!known)
    await edge.put(
      ids.map((container) => ({ container, state: 'out' })),
      CHECK_WITHIN,
    );
  return { requests, left, waited_ms };
}

/** `; 3 requests ended in 120 ms`, or what had not. */
export function sayReleased({ requests, left, waited_ms }: Released): string {
  if (requests === 0) return '; no request was in progress';
  if (left > 0) return `; ${left} of ${counted(requests, 'request')} had not ended after ${sayDuration(waited_ms)}`;
  return `; ${counted(requests, 'request')} ended in ${sayDuration(waited_ms)}`;
}
