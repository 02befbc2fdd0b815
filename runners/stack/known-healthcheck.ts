import { stringify } from 'yaml';
import type { ComposeService } from '../clients/compose-types.ts';
import { splitTag } from '../clients/image-name.ts';

type Test = readonly string[];

const fetched = (url: string): Test => ['CMD-SHELL', `curl -fso /dev/null ${url} || wget -qO /dev/null ${url}`];

/** By the last part of the image's name; what an image brings itself (vaultwarden, pihole) needs nothing. */
const families: readonly (readonly [name: RegExp, test: Test])[] = [
  [
    /^(postgres|postgresql|postgis|pgvector|timescaledb)$/,
    ['CMD-SHELL', 'pg_isready -U "$${POSTGRES_USER:-postgres}"'],
  ],
  [/^mariadb$/, ['CMD', 'healthcheck.sh', '--connect', '--innodb_initialized']],
  [/^(mysql|percona)$/, ['CMD', 'mysqladmin', 'ping', '-h', '127.0.0.1']],
  [/^valkey$/, ['CMD', 'valkey-cli', 'ping']],
  [/^(redis|keydb|redis-stack-server)$/, ['CMD', 'redis-cli', 'ping']],
  [/^rabbitmq$/, ['CMD', 'rabbitmq-diagnostics', '-q', 'ping']],
  [/^mongo$/, ['CMD', 'mongosh', '--quiet', '--eval', 'db.adminCommand("ping").ok']],
  [/^elasticsearch$/, ['CMD-SHELL', 'curl -so /dev/null http://127.0.0.1:9200/']],
  [/^minio$/, ['CMD', 'mc', 'ready', 'local']],
  [/^traefik$/, ['CMD', 'traefik', 'healthcheck', '--ping']],
  [/^caddy$/, fetched('http://127.0.0.1:2019/config/')],
  [/^grafana(-oss|-enterprise)?$/, fetched('http://127.0.0.1:3000/api/health')],
  [/^prometheus$/, fetched('http://127.0.0.1:9090/-/healthy')],
  [/^(gitea|forgejo)$/, fetched('http://127.0.0.1:3000/api/healthz')],
  [/^jellyfin$/, fetched('http://127.0.0.1:8096/health')],
  [/^meilisearch$/, fetched('http://127.0.0.1:7700/health')],
  [/^nextcloud$/, fetched('http://127.0.0.1/status.php')],
  [/^(nginx|httpd|wordpress|ghost|php)$/, fetched('http://127.0.0.1/')],
];

/**
 * The healthcheck that fits a well-known image, as a line of a Compose file; undefined for any other image, and where
 * something else runs than the image's own program: a cron beside its application answers nobody.
 */
export function knownHealthcheck(image: string, { entrypoint }: ComposeService = {}): string | undefined {
  if (entrypoint !== undefined && entrypoint !== null) return undefined;
  const name = splitTag(image).repo.split('/').at(-1) ?? '';
  const test = families.find(([known]) => known.test(name))?.[1];
  if (test === undefined) return undefined;
  const written = stringify(test, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();
  return `healthcheck: { test: ${written}, interval: 5s, timeout: 3s, retries: 5 }`;
}
