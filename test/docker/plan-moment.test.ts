import { expect, test } from 'vitest';
import { getOnly, withFaultProxy } from '../support/fault-proxy.ts';
import { withRunningShop } from '../support/shop.ts';

test('a plan must be about one moment: guards, facts and steps must see the stack as it was found once', () =>
  withRunningShop('moment', async (shop) => {
    await withFaultProxy(getOnly, async (proxy) => {
      const planned = await shop.playbook(['plan', 'deploy-stack.yml', '--json'], { env: { DOCKER_HOST: proxy.host } });
      expect(planned).toMatchObject({ code: 0 });
      const asked = proxy.calls.map(({ path }) => decodeURIComponent(path));
      expect(asked.filter((path) => path.startsWith('/containers/json') && path.includes(shop.project))).toHaveLength(
        1,
      );
      for (const id of [...(await shop.ids('web')), ...(await shop.ids('db'))])
        expect(asked.filter((path) => path.startsWith(`/containers/${id}/json`))).toHaveLength(1);
    });
  }));
