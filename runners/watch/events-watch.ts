import type { Sample, Watching } from '../../src/runner/contract.ts';
import { counted, sayDuration } from '../stack/words.ts';
import { counts, sayEvent } from './events-decide.ts';
import { slidingWindow } from './sliding-window.ts';
import { heartbeat, stackRounds } from './stack-rounds.ts';

export type EventsParams = {
  type: string;
  actions: string[];
  more_than: number;
  within: number;
  services?: string[];
};

/** How many of the last events are shown. */
const shown = 10;

/** Events are streamed; in between the engine is asked whether it is there, for silence could be either. */
export function runEvents(params: EventsParams, watching: Watching): AsyncIterable<Sample> {
  const { clock } = watching.look;
  const window = slidingWindow(params.within);
  const stopping = new Set<string>();
  let lines: string[] = [];
  return stackRounds({
    watching,
    ...(params.services && { services: params.services }),
    news: {
      types: [params.type],
      everywhere: params.type !== 'container',
      hear(event, stack) {
        if (!counts(event, params, stack, stopping)) return false;
        window.add(Number(BigInt(event.time_nano || 0) / 1_000_000n));
        lines = [...lines.slice(1 - shown), sayEvent(event)];
        return true;
      },
    },
    async turn({ docker, ahead }) {
      await docker.ping();
      const at = clock.now();
      const count = window.count(at + ahead);
      const sample: Sample = {
        at,
        bad: count > params.more_than,
        say: `${counted(count, 'event')} in ${sayDuration(params.within)}`,
        values: { count },
        ...(count > 0 && { lines: lines.slice(-count) }),
      };
      return { sample, next: heartbeat };
    },
  });
}
