import { type Call, type Connection, change, EngineError, engineFailure } from './docker-call.ts';
import type { DockerChanger, DockerReader, VolumeInspect } from './docker-types.ts';
import { imagePath } from './engine-query.ts';
import { splitTag } from './image-name.ts';

/** Changes of one engine. What is already so counts as done; every other "no" is a StepFailure. */
export function createChanger(reader: DockerReader, connection: Connection, signal: AbortSignal): DockerChanger {
  /** `tolerate`: answers that mean "it is already so". */
  const send = async (call: Call, tolerate: (error: EngineError) => boolean = never) => {
    try {
      return await change(connection, call, signal);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (tolerate(error)) return undefined;
      throw engineFailure(error);
    }
  };
  const post = (path: string, query: Call['query'], body?: Record<string, unknown>): Call => ({
    method: 'POST',
    path,
    ...(query && { query }),
    ...(body && { body }),
    timeout: 120_000,
  });

  return {
    ...reader,
    async tag(source, name) {
      const { repo, tag } = splitTag(name);
      await send(post(`/images/${imagePath(source)}/tag`, { repo, tag }));
    },
    async untag(name) {
      // Never forced: that would delete an image which a stopped container, kept for the way back, still needs.
      await send({ method: 'DELETE', path: `/images/${imagePath(name)}` }, isGone);
    },
    async removeImage(id) {
      await send({ method: 'DELETE', path: `/images/${imagePath(id)}` }, isGone);
    },
    async pruneBuildCache(keepBytes) {
      const query = { all: true, 'keep-storage': keepBytes };
      const call: Call = { method: 'POST', path: '/build/prune', query, timeout: 600_000 };
      const answer = (await send(call)) as { SpaceReclaimed?: number } | undefined;
      return answer?.SpaceReclaimed ?? 0;
    },
    async createContainer(name, body) {
      const answer = (await send(post('/containers/create', { name }, body))) as { Id: string };
      return answer.Id;
    },
    async start(id) {
      await send(post(`/containers/${id}/start`, {}));
    },
    async stop(id, seconds) {
      const timeout = seconds === undefined ? 3_600_000 : (seconds + 60) * 1000;
      await send({ ...post(`/containers/${id}/stop`, { t: seconds }), timeout }, isGone);
    },
    async remove(id, options) {
      const call: Call = { method: 'DELETE', path: `/containers/${id}`, query: { v: options.anonymousVolumes } };
      await send(
        call,
        (error) => isGone(error) || /removal of container .* is already in progress/i.test(error.message),
      );
    },
    async rename(id, name) {
      if ((await reader.container(id))?.Name === `/${name}`) return;
      await send(post(`/containers/${id}/rename`, { name }));
    },
    async restartPolicy(id, policy) {
      await send(post(`/containers/${id}/update`, {}, { RestartPolicy: policy }));
    },
    async connect(network, id, endpoint) {
      const body = { Container: id, EndpointConfig: endpoint };
      await send(post(`/networks/${encodeURIComponent(network)}/connect`, {}, body), (error) =>
        /already exists in network/i.test(error.message),
      );
    },
    async disconnect(network, id) {
      const body = { Container: id, Force: false };
      await send(
        post(`/networks/${encodeURIComponent(network)}/disconnect`, {}, body),
        (error) => isGone(error) || /is not connected to/i.test(error.message),
      );
    },
    async createNetwork(name, body) {
      await send(post('/networks/create', {}, { ...body, Name: name, CheckDuplicate: true }), (error) =>
        /already exists/i.test(error.message),
      );
    },
    async removeNetwork(id) {
      await send({ method: 'DELETE', path: `/networks/${encodeURIComponent(id)}` }, isGone);
    },
    async createVolume(name, labels) {
      return (await send(post('/volumes/create', {}, { Name: name, Labels: labels }))) as VolumeInspect;
    },
    async removeVolume(name) {
      await send({ method: 'DELETE', path: `/volumes/${encodeURIComponent(name)}` }, isGone);
    },
  };
}

function never(): boolean {
  return false;
}

function isGone(error: EngineError): boolean {
  return error.status === 404;
}
