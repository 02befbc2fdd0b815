import type { Clock } from '../../src/runner/contract.ts';
import type { DockerReader, EngineEvent } from '../clients/docker-types.ts';

export type News = {
  docker: Pick<DockerReader, 'events'>;
  /** Left out: events of every project, and those that name none. */
  project?: string;
  types: string[];
  /** Milliseconds of the engine's clock: from when on. */
  since: number;
  clock: Clock;
  signal: AbortSignal;
};

/** How long until the stream is opened again, in milliseconds. */
const pause = { first: 200, last: 5_000 };

/**
 * Hears what the engine tells until the signal is aborted. `gap`: the stream broke and is open again, so that something may
 * have been missed; a broken stream says nothing of the containers, and the engine remembers only its last 256 events.
 */
export async function hearNews(news: News, hear: (event: EngineEvent) => void, gap: () => void): Promise<void> {
  const { docker, project, types, clock, signal } = news;
  let last = BigInt(Math.max(0, Math.round(news.since))) * 1_000_000n;
  for (let failed = 0; !signal.aborted; failed += 1) {
    const known = last;
    try {
      const filter = { types, since: secondsOf(last), ...(project !== undefined && { project }) };
      for await (const event of docker.events(filter, signal)) {
        failed = 0;
        const at = BigInt(event.time_nano || 0);
        if (at !== 0n && at <= known) continue;
        if (at > last) last = at;
        hear(event);
      }
    } catch {
      // Whether the engine is there shows when it is looked at.
    }
    await clock.sleep(Math.min(pause.last, pause.first * 2 ** failed), signal).catch(() => undefined); // over
    if (!signal.aborted) gap();
  }
}

/** As the engine takes it: seconds with nine decimals; a number would lose the last ones. */
export function secondsOf(nanoseconds: bigint): string {
  const digits = String(nanoseconds).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
