import type { Sample, Watching } from '../../src/runner/contract.ts';
import { dockerReader } from '../clients/docker.ts';
import type { DockerReader, EngineEvent } from '../clients/docker-types.ts';
import { type Bell, createBell } from './bell.ts';
import { clockAhead } from './engine-clock.ts';
import { hearNews } from './engine-news.ts';
import { heeding, inRounds, type Turn } from './rounds.ts';
import { type WatchedStack, watchedStack } from './watched-stack.ts';

/** What a turn works with. `docker` ends with the turn; `lasting` and `until` are for streams, and end with the watch. */
export type Scene = {
  docker: DockerReader;
  lasting: DockerReader;
  until: AbortSignal;
  stack: WatchedStack;
  bell: Bell;
  /** How many milliseconds the engine's clock is ahead of ours. */
  ahead: number;
};

export type StackRounds = {
  watching: Watching;
  services?: readonly string[];
  /** The engine's events of these types; `hear` says whether they are worth a look. */
  news?: { types: string[]; everywhere?: boolean; hear(event: EngineEvent, stack: WatchedStack): boolean };
  turn(scene: Scene): Promise<Turn>;
  /** After a turn that measured nothing. */
  lost?(): void;
  /** Waits for what was begun in `until`. */
  closed?(): Promise<unknown>;
};

/** A sample comes at least so often, in milliseconds, and events may be missed: then it is this that finds out. */
export const heartbeat = 2_000;

/** How long the engine may take for one turn. */
const patience = 4_000;

/** Looks at the stack at once, after each event that is worth it, and when the last turn said so. */
export async function* stackRounds(rounds: StackRounds): AsyncIterable<Sample> {
  const { watching, news } = rounds;
  const { clock } = watching.look;
  const ended = new AbortController();
  const until = AbortSignal.any([watching.signal, ended.signal]);
  const look = heeding(watching.look, until);
  const bell = createBell(clock, until);
  let scene: Omit<Scene, 'docker'> | undefined;
  let listening: Promise<void> | undefined;
  const open = async (docker: DockerReader): Promise<Omit<Scene, 'docker'>> => {
    const stack = await watchedStack(look, rounds.services);
    return { stack, lasting: await dockerReader(look), until, bell, ahead: await clockAhead(docker, clock) };
  };
  const listen = ({ stack, lasting, ahead }: Omit<Scene, 'docker'>) => {
    if (!news) return undefined;
    const filter = { types: news.types, ...(!news.everywhere && { project: stack.project }) };
    const source = { ...filter, docker: lasting, since: watching.since + ahead, clock, signal: until };
    // After a gap something may have been missed.
    return hearNews(
      source,
      (event) => news.hear(event, stack) && bell.ring(),
      () => bell.ring(),
    );
  };
  try {
    yield* inRounds({
      watching,
      bell,
      patience,
      ...(rounds.lost && { lost: rounds.lost }),
      async turn(soon) {
        const docker = await dockerReader(soon);
        scene ??= await open(docker);
        listening ??= listen(scene);
        return rounds.turn({ ...scene, docker });
      },
    });
  } finally {
    ended.abort();
    await listening;
    await rounds.closed?.();
  }
}
