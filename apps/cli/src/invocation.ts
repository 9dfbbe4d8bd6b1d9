import { print, type Format } from './output/formats.js';
import type { Environment, Terminal } from './terminal.js';
import { ApiClient, serverAddress } from './server/client.js';
import { credentialsPath, readCredential } from './server/credentials.js';

/** Where the server is unless someone says otherwise. */
export const DEFAULT_SERVER = 'http://127.0.0.1:15900';

/** Options that every command has. */
export interface GlobalOptions {
  readonly url?: string;
  readonly output?: Format;
}

/** One call of a command: who calls, with what in reach. */
export class Invocation {
  constructor(
    readonly terminal: Terminal,
    private readonly options: GlobalOptions,
  ) {}

  get environment(): Environment {
    return this.terminal.environment;
  }

  /** Address of the server: `--url`, else `ORDERLINES_URL`, else the local one. */
  get server(): string {
    return serverAddress(this.options.url || this.environment['ORDERLINES_URL'] || DEFAULT_SERVER);
  }

  /** The server as the user that `ORDERLINES_TOKEN` or the last `login` names. */
  async client(): Promise<ApiClient> {
    return new ApiClient(this.server, await this.token(), () => this.token());
  }

  /** The token in use, if there is one. */
  async token(): Promise<string | undefined> {
    return this.environment['ORDERLINES_TOKEN'] || (await readCredential(credentialsPath(this.environment), this.server))?.token;
  }

  /** The output format: as asked for, else the command's own. */
  format(own: Format = 'table'): Format {
    return this.options.output ?? own;
  }

  /** Prints a result in the format asked for. */
  print(value: unknown, asTable: () => string, own?: Format): Promise<void> {
    return print(this.terminal, this.format(own), value, asTable);
  }
}
