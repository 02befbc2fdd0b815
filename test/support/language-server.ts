import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { node24 } from './run-playbook.ts';

type Message = { id?: number; method?: string; params?: unknown; result?: unknown };
export type Position = { line: number; character: number };
export type Diagnostic = { message: string; range: { start: Position; end: Position } };

/** The language server that editors use for YAML, as an editor talks to it. Files need not exist: their text is told. */
export class LanguageServer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #diagnostics = new Map<string, (found: Diagnostic[]) => void>();
  #read = Buffer.alloc(0);
  #asked = 0;

  private constructor() {
    const server = createRequire(import.meta.url).resolve('yaml-language-server/bin/yaml-language-server');
    this.#child = spawn(node24, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  static async start(): Promise<LanguageServer> {
    const server = new LanguageServer();
    const markdown = { documentationFormat: ['markdown'] };
    const capabilities = { textDocument: { completion: { completionItem: markdown } } };
    await server.#ask('initialize', { processId: process.pid, rootUri: null, workspaceFolders: null, capabilities });
    server.#send({ method: 'initialized', params: {} });
    return server;
  }

  /** Opens a text as a file of this name, and gives what the editor underlines. */
  open(file: string, text: string): Promise<Diagnostic[]> {
    const uri = pathToFileURL(file).href;
    const found = new Promise<Diagnostic[]>((resolve) => this.#diagnostics.set(uri, resolve));
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.#send({ method: 'textDocument/didOpen', params: { textDocument } });
    return found;
  }

  /** What is offered at this place. */
  async complete(file: string, position: Position): Promise<string[]> {
    const textDocument = { uri: pathToFileURL(file).href };
    const answer = (await this.#ask('textDocument/completion', { textDocument, position })) as {
      items: { label: string }[];
    };
    return answer.items.map(({ label }) => label);
  }

  /** What is said of what stands at this place. */
  async hover(file: string, position: Position): Promise<string> {
    const textDocument = { uri: pathToFileURL(file).href };
    const answer = (await this.#ask('textDocument/hover', { textDocument, position })) as {
      contents: { value: string };
    } | null;
    return answer?.contents.value ?? '';
  }

  stop(): void {
    this.#child.kill();
  }

  #ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#asked;
    const answer = new Promise((resolve) => this.#answers.set(id, resolve));
    this.#send({ id, method, params });
    return answer;
  }

  #send(message: Message): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #take(chunk: Buffer): void {
    this.#read = Buffer.concat([this.#read, chunk]);
    for (;;) {
      const head = this.#read.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(this.#read.toString('latin1', 0, Math.max(head, 0)))?.[1]);
      if (head < 0 || this.#read.length < head + 4 + length) return;
      const message = JSON.parse(this.#read.toString('utf8', head + 4, head + 4 + length)) as Message;
      this.#read = this.#read.subarray(head + 4 + length);
      this.#meet(message);
    }
  }

  #meet({ id, method, params, result }: Message): void {
    if (id !== undefined && method === undefined) this.#answers.get(id)?.(result);
    // It asks for settings: there are none.
    else if (id !== undefined)
      this.#send({ id, result: (params as { items?: unknown[] }).items?.map(() => null) ?? null });
    else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: Diagnostic[] };
      this.#diagnostics.get(uri)?.(diagnostics);
    }
  }
}
