import type { ContainerSummary, DockerReader, LogLine } from '../clients/docker-types.ts';
import { serviceOf } from './watched-stack.ts';

export type HeardLine = LogLine & { service: string };

/** The logs of containers that come and go, each followed from `since` on without a gap and without a line twice. */
export type LogStreams = {
  /** Follows what is not followed yet. */
  follow(containers: readonly ContainerSummary[]): void;
  /** It was started, or has ended: there may be more to read of it. */
  again(id: string): void;
  /** The engine was away: every stream may hang. They are opened anew, from their last line on. */
  reopen(): void;
  /** Names of containers whose log cannot be read, and why the last of them cannot. */
  unread(): { names: string[]; why?: string };
  closed(): Promise<unknown>;
};

type Source = {
  docker: Pick<DockerReader, 'followLogs'>;
  signal: AbortSignal;
  /** Seconds and nanoseconds of the engine's clock. */
  since: string;
  hear(line: HeardLine): void;
  /** There is more to follow, or a log turned out to be unreadable. */
  news(): void;
};

type Followed = { name: string; last?: string; stream?: AbortController; more: boolean; fault?: string };

export function logStreams({ docker, signal, since, hear, news }: Source): LogStreams {
  const followed = new Map<string, Followed>();
  const running = new Set<Promise<void>>();

  return {
    follow(containers) {
      const ids = new Set(containers.map(({ Id }) => Id));
      for (const [id, one] of followed) if (!ids.has(id) && !one.stream) followed.delete(id);
      for (const container of containers) begin(container);
    },
    again(id) {
      const one = followed.get(id);
      if (one) one.more = true;
    },
    reopen() {
      for (const one of followed.values()) {
        one.more = true;
        one.stream?.abort();
      }
    },
    unread() {
      const faulty = [...followed.values()].filter(({ fault }) => fault !== undefined);
      const why = faulty.at(-1)?.fault;
      return { names: faulty.map(({ name }) => name), ...(why !== undefined && { why }) };
    },
    closed: () => Promise.all(running),
  };

  function begin(container: ContainerSummary): void {
    if (signal.aborted || container.State === 'created') return;
    const one = followed.get(container.Id) ?? { name: nameOf(container), more: true };
    followed.set(container.Id, one);
    if (one.stream || !(one.more || container.State === 'running')) return;
    one.more = false;
    const stream = new AbortController();
    one.stream = stream;
    const reading = read(container, one, AbortSignal.any([signal, stream.signal])).finally(() => {
      delete one.stream;
      running.delete(reading);
      if (one.more && !signal.aborted && one.fault === undefined) news();
    });
    running.add(reading);
  }

  async function read(container: ContainerSummary, one: Followed, until: AbortSignal): Promise<void> {
    const known = one.last;
    try {
      for await (const line of docker.followLogs(container.Id, { since: known ?? since }, until)) {
        delete one.fault;
        if (until.aborted) return;
        // `since` includes the line that was the last.
        if (known !== undefined && line.time <= known) continue;
        one.last = line.time;
        hear({ ...line, service: serviceOf(container) });
      }
      delete one.fault;
    } catch (thrown) {
      const isNew = one.fault === undefined;
      one.fault = thrown instanceof Error ? thrown.message : String(thrown);
      one.more = true;
      if (isNew && !signal.aborted) news();
    }
  }
}

function nameOf({ Names, Id }: ContainerSummary): string {
  return Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12);
}
