import { differingDefinitions } from '../definitions.ts';
import type { DesiredStack, ObservedStack } from '../model.ts';
import { publishedPorts, type Work } from './work.ts';

export type Refused = { message: string; hint: string };

type Question = {
  desired: DesiredStack;
  observed: ObservedStack;
  works: readonly Work[];
  /** The container this process runs in, if any. */
  own: string | undefined;
  orphans: 'keep' | 'remove';
};

/** Why the stack must not be changed like this; the first reason that is found. */
export function refusal(question: Question): Refused | undefined {
  return (
    stopsItself(question) ??
    hooks(question) ??
    missingExternals(question) ??
    differingDefinitions(question.desired, question.observed) ??
    orphanHoldsPort(question)
  );
}

/** F12: nobody would be left to start the new one, or to put the old one back. */
function stopsItself({ works, observed, own, orphans }: Question): Refused | undefined {
  const stopped = [...works.flatMap((work) => work.retire), ...(orphans === 'remove' ? observed.orphans : [])];
  const self = stopped.find(({ id }) => id === own);
  return (
    self && {
      message: `${self.name} is the container this program runs in: it would stop itself in the middle of the run.`,
      hint: 'Run it on the host, or in a container of another stack.',
    }
  );
}

const hookKeys = ['post_start', 'pre_stop', 'pre_start'];

function hooks({ works, desired }: Question): Refused | undefined {
  for (const { service } of works) {
    const key = hookKeys.find((name) => Object.hasOwn(desired.services[service]?.config ?? {}, name));
    if (key !== undefined) {
      return {
        message: `${service} has a ${key} hook, which is not honoured yet.`,
        hint: `Take ${key} out, or deploy this stack by hand for now.`,
      };
    }
  }
  return undefined;
}

function missingExternals({ desired, observed }: Question): Refused | undefined {
  for (const [kind, defined, there] of [
    ['network', desired.model.networks, observed.networks],
    ['volume', desired.model.volumes, observed.volumes],
  ] as const) {
    for (const [key, definition] of Object.entries(defined ?? {})) {
      const name = definition?.name ?? key;
      if (!definition?.external || there.some((one) => one.Name === name)) continue;
      return {
        message: `The external ${kind} ${name} is not there.`,
        hint: `Create it: docker ${kind} create ${name}`,
      };
    }
  }
  return undefined;
}

function orphanHoldsPort({ desired, observed, works, orphans }: Question): Refused | undefined {
  if (orphans === 'remove') return undefined;
  for (const work of works.filter(({ make, start }) => make > 0 || start.length > 0)) {
    for (const port of desired.services[work.service]?.config.ports ?? []) {
      const wanted = `${port.published}/${port.protocol ?? 'tcp'}`;
      const holder = observed.orphans.find((orphan) => publishedPorts(orphan).includes(wanted));
      if (holder) {
        return {
          message: `Port ${port.published}, which ${work.service} publishes, is held by ${holder.name}, which no service of the files has.`,
          hint: 'Remove that container, or set `orphans: remove`.',
        };
      }
    }
  }
  return undefined;
}
