import { type Answer, httpGet } from './http-get.ts';
import { type PlaybookRun, startPlaybook } from './run-playbook.ts';
import { type TestStack, withStack } from './stack.ts';
import { stackFiles } from './stack-files.ts';
import { until } from './until.ts';

/** The sample stack of the demo, its images there in every version, nothing started yet. */
export async function withShop(name: string, body: (shop: TestStack) => Promise<void>): Promise<void> {
  await withStack(name, await stackFiles('shop'), async (shop) => {
    for (const tag of ['1', '2', 'never-healthy'] as const) await shop.image(`api:${tag}`, tag);
    await shop.image('db:1', '1');
    await body(shop);
  });
}

/** As people have it: started by plain Compose, months ago. */
export async function withRunningShop(name: string, body: (shop: TestStack) => Promise<void>): Promise<void> {
  await withShop(name, async (shop) => {
    await shop.compose(['up', '-d', '--build']);
    await until('the shop answers', async () => (await page(shop)).status === 200);
    await body(shop);
  });
}

export type Shell = Record<string, string>;

/** `VARIABLE=value playbook run deploy-stack.yml --yes …` with short waits and the page as its smoke test. */
export function deploy(stack: TestStack, shell: Shell = {}, args: readonly string[] = []): Promise<PlaybookRun> {
  return stack.playbook([...deployArgs(stack), ...args], { env: shell });
}

export function startDeploy(
  stack: TestStack,
  shell: Shell = {},
  args: readonly string[] = [],
): ReturnType<typeof startPlaybook> {
  const env = { ...stack.env, ...shell };
  return startPlaybook([...deployArgs(stack), ...args], { cwd: stack.folder, stateDir: stack.stateDir, env });
}

function deployArgs(stack: TestStack): string[] {
  const inputs = [`smoke_url=${stack.url}/`, 'stable_for=1s', 'soak=0s'].flatMap((input) => ['-i', input]);
  return ['run', 'deploy-stack.yml', '--yes', ...inputs];
}

export function page(stack: TestStack): Promise<Answer> {
  return httpGet(`${stack.url}/`);
}

/** How often a migration ever ran, as the database counts them. */
export async function migrations(stack: TestStack): Promise<string> {
  return stack.compose(['exec', '-T', 'db', 'cat', '/data/migrations']);
}

/** The newest run of the stack as `show --json` gives it. */
export async function newestRun(stack: TestStack): Promise<Record<string, unknown>> {
  const history = (await stack.playbook(['history', '--json'])).json() as { id: string }[];
  return (await stack.playbook(['show', history[0]?.id ?? '', '--json'])).json() as Record<string, unknown>;
}
