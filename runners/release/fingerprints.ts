import type { Look } from '../../src/runner/contract.ts';
import { unescaped } from '../clients/unescaped.ts';
import type { DesiredStack, ObservedContainer } from '../stack/model.ts';
import { sourceVariables } from '../stack/source-variables.ts';

/**
 * Keyed hashes by name: contents of configs and secrets as `DesiredStack` names them, `env SERVICE NAME` for each variable
 * of a service, `variable NAME` for what a secret or config takes from the environment.
 */
export async function fingerprintsOf(desired: DesiredStack, look: Look): Promise<Record<string, string>> {
  const services = Object.values(desired.services);
  const variables = services.flatMap(({ name, config }) =>
    Object.entries(config.environment ?? {}).map(([variable, value]): [string, string] => [
      `env ${name} ${variable}`,
      look.hmac(unescaped(value ?? '')),
    ]),
  );
  return {
    ...Object.assign({}, ...services.map(({ contents }) => contents)),
    ...Object.fromEntries(variables),
    ...(await fromEnvironment(desired, look)),
  };
}

/** What can be known of a stack whose files are gone: the variables that its containers were made with. */
export function foundFingerprints(containers: readonly ObservedContainer[], look: Look): Record<string, string> {
  return Object.fromEntries(
    containers.flatMap(({ service, inspect }) =>
      (inspect.Config.Env ?? []).map((entry): [string, string] => {
        const [name = ''] = entry.split('=', 1);
        return [`env ${service} ${name}`, look.hmac(entry.slice(name.length + 1))];
      }),
    ),
  );
}

async function fromEnvironment({ model }: DesiredStack, look: Look): Promise<Record<string, string>> {
  const variables = Object.entries(await sourceVariables(model, look));
  return Object.fromEntries(variables.map(([name, value]) => [`variable ${name}`, look.hmac(value)]));
}
