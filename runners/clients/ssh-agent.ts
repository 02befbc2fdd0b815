import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { execa } from 'execa';

/**
 * Connections to an engine behind `ssh://`, made as the docker CLI makes them: by a program whose standard input and
 * output are the connection. So `~/.ssh/config`, agents and jump hosts work; docker-modem's own ssh client knows none of them.
 */
export function sshAgent(address: string, env: Readonly<Record<string, string>>): Agent {
  return new DialStdioAgent(address, env);
}

class DialStdioAgent extends Agent {
  readonly #address: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor(address: string, env: Readonly<Record<string, string>>) {
    super({ keepAlive: true, maxSockets: 8 });
    this.#address = address;
    this.#env = env;
  }

  override createConnection(
    _options: ClientRequestArgs,
    _callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex {
    const child = execa('docker', ['--host', this.#address, 'system', 'dial-stdio'], {
      env: { ...this.#env },
      extendEnv: false,
      buffer: false,
      reject: false,
      stderr: 'ignore',
    });
    const connection = child.duplex();
    // A request hears of a broken connection itself; an idle one that ends concerns nobody.
    connection.on('error', () => connection.destroy());
    return connection;
  }

  /** Kept for the next request: dialling takes long. There is no socket whose keep-alive could be set. */
  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {}
}
