import type { Clock } from '../../src/runner/contract.ts';
import type { DockerReader } from '../clients/docker-types.ts';

/** Sleeps until something may have changed: an event of the stack's containers, or the time that was given. */
export interface Waker {
  next(ms: number): Promise<void>;
  close(): void;
}

type Source = { docker: Pick<DockerReader, 'events'>; project: string; clock: Clock; signal: AbortSignal };

/** Probes make three events each (`exec_…`), and they change nothing by themselves. */
const telling = /^(health_status|start|die|oom|kill|stop|restart|pause|unpause|create|destroy)\b/;

/** Starts to listen at once. An event that comes while nobody sleeps is not lost: the next sleep ends at once. */
export function wakeOnEvents({ docker, project, clock, signal }: Source): Waker {
  const closed = new AbortController();
  const until = AbortSignal.any([signal, closed.signal]);
  let rung = false;
  let sleeping = new AbortController();
  const ring = () => {
    rung = true;
    sleeping.abort();
  };
  void listen({ docker, project, clock, signal: until }, ring);
  return {
    async next(ms) {
      if (!rung) {
        sleeping = new AbortController();
        const either = AbortSignal.any([signal, sleeping.signal]);
        await clock.sleep(ms, either).catch(() => signal.throwIfAborted()); // rung: somebody has news
      }
      rung = false;
    },
    close: () => closed.abort(),
  };
}

async function listen({ docker, project, clock, signal }: Source, ring: () => void): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of docker.events({ project, types: ['container'] }, signal)) {
        if (telling.test(event.action)) ring();
      }
    } catch {
      // A broken stream says nothing of the containers; polling goes on, and whether the engine is there shows at the next look.
    }
    await clock.sleep(1000, signal).catch(() => undefined); // closed
    ring();
  }
}
