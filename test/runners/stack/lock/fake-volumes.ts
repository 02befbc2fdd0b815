import type { DockerChanger, VolumeInspect } from '../../../../runners/clients/docker-types.ts';

/** The volumes of an engine and nothing else of it; `turn` decides when each call gets there. */
export function fakeVolumes(turn: () => Promise<unknown> = async () => undefined): FakeVolumes {
  const volumes = new Map<string, VolumeInspect>();
  const call = async <T>(work: () => T): Promise<T> => {
    await turn();
    const answer = work();
    await turn();
    return answer;
  };
  const docker = {
    volume: (name: string) => call(() => volumes.get(name)),
    volumes: () => call(() => [...volumes.values()]),
    createVolume: (name: string, labels: Record<string, string>) =>
      call(() => {
        const made = volumes.get(name) ?? ({ Name: name, Labels: labels } as VolumeInspect);
        volumes.set(name, made);
        return made;
      }),
    removeVolume: (name: string) => call(() => void volumes.delete(name)),
  };
  return { docker: docker as unknown as DockerChanger, volumes };
}

export type FakeVolumes = { docker: DockerChanger; volumes: Map<string, VolumeInspect> };
