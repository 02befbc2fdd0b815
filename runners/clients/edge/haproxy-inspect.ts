import { dirname } from 'node:path';
import type { DockerReader } from '../docker-types.ts';
import type { Reached } from './containers.ts';
import { backendsOf, freeSlots, slotsOf } from './haproxy-slots.ts';
import type { Ask } from './haproxy-socket.ts';
import type { EdgePlace, EdgeReport } from './types.ts';

type Sight = { place: EdgePlace; docker: DockerReader; ask: Ask; reached: Reached };
type Finding = { say: string; hint?: string };

/** What of HAProxy's configuration steering needs, as far as it tells of it. */
export async function inspectHaproxy({ place, docker, ask, reached }: Sight): Promise<EdgeReport> {
  const { backend, service } = place;
  const [stat, state, level] = [await ask('show stat'), await ask('show servers state'), await ask('show cli level')];
  const slots = slotsOf(backend, stat, state);
  const backends = backendsOf(stat);
  if (!slots) {
    const names = backends.map(({ name }) => name).join(', ');
    return { problems: [{ say: `HAProxy has no backend ${backend}`, hint: `Backends: ${names}.` }], warnings: [] };
  }
  const problems: Finding[] = [];
  const warnings: Finding[] = [];
  if (!level.startsWith('admin'))
    problems.push({
      say: `the socket lets itself only be asked (level ${level})`,
      hint: 'Give `stats socket` the word `level admin`.',
    });
  if (slots.length === 0)
    problems.push({
      say: `backend ${backend} has no places for containers`,
      hint: `Give it a line \`server-template ${service} 1-8 slot.invalid:${place.port} disabled\`.`,
    });
  if (slots.some(({ check }) => check === 'none'))
    problems.push({
      say: `backend ${backend} does not check its servers, so it cannot tell when a new one answers`,
      hint: 'Give it `option httpchk GET /health` and `default-server check inter 500ms`.',
    });
  if (backends.some(({ name, cookie }) => name === backend && cookie))
    warnings.push({ say: `a cookie keeps clients of ${backend} with one server, also with one that is being let go` });
  if (slots.length > 0 && reached.networks && !slots.some(({ resolved }) => resolved))
    warnings.push({
      say: `backend ${backend} does not resolve names: after a restart of the engine containers have other addresses`,
      hint: 'Give it `resolvers` with 127.0.0.11:53 and `init-addr none`, or run a playbook with edge.sync after such a restart.',
    });
  const kept = await restartFinding(place, docker);
  if (kept) (kept.bad ? problems : warnings).push(kept.finding);
  return { problems, warnings, places: { all: slots.length, free: freeSlots(slots, reached.containers).length } };
}

/** Whether a restarted edge can read what is written for it. */
async function restartFinding(
  { file, project, edge, service }: EdgePlace,
  docker: DockerReader,
): Promise<{ bad: boolean; finding: Finding } | undefined> {
  if (file === undefined) {
    const hint =
      'Give x-playbook.edge a `file`, and HAProxy `server-state-file` and `load-server-state-from-file global`.';
    return { bad: false, finding: { say: `a restart of the edge forgets who serves ${service}`, hint } };
  }
  if (edge === undefined) return undefined;
  const [found] = await docker.containers({ project, service: edge });
  const mounts = found?.Mounts.filter(({ Type }) => Type === 'bind') ?? [];
  if (mounts.some(({ Source }) => Source === file))
    return {
      bad: true,
      finding: {
        say: `${edge} mounts the file ${file} by itself, so it never sees the one that takes its place`,
        hint: `Mount its folder ${dirname(file)}.`,
      },
    };
  if (!found || mounts.some(({ Source }) => file.startsWith(`${Source}/`))) return undefined;
  return {
    bad: false,
    finding: { say: `${edge} does not see ${file}: a restart of it may forget who serves ${service}` },
  };
}
