import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** Somebody who is told of runs, by POST requests and by mail, and keeps every word of it. */
export class Told {
  /** Whole requests: line, headers and body. */
  readonly requests: string[] = [];
  /** Whole mails, as they came. */
  readonly mails: string[] = [];

  private constructor(
    private readonly http: HttpServer,
    private readonly smtp: Server,
  ) {}

  /** Listens on two ports of this machine. */
  static async listen(): Promise<Told> {
    const told: Told = new Told(
      createHttpServer((request, response) => {
        void text(request).then((body) => {
          told.requests.push(`${request.method} ${request.url}\n${JSON.stringify(request.headers)}\n${body}`);
          response.end('{}');
        });
      }),
      createServer((socket) => told.receive(socket)),
    );
    for (const server of [told.http, told.smtp]) await once(server.listen(0, '127.0.0.1'), 'listening');
    return told;
  }

  get httpUrl(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get smtpUrl(): string {
    return `smtp://127.0.0.1:${(this.smtp.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const server of [this.http, this.smtp]) server.close();
    this.http.closeAllConnections();
  }

  private receive(socket: Socket): void {
    let mail: string[] | undefined;
    let rest = '';
    const answer = (line: string) => {
      if (mail !== undefined) {
        if (line !== '.') return void mail.push(line);
        this.mails.push(mail.join('\n'));
        mail = undefined;
        return void socket.write('250 kept\r\n');
      }
      if (/^DATA/i.test(line)) mail = [];
      socket.write(/^DATA/i.test(line) ? '354 go on\r\n' : /^QUIT/i.test(line) ? '221 bye\r\n' : '250 ok\r\n');
    };
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (piece: string) => {
      const lines = `${rest}${piece}`.split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(answer);
    });
    socket.write('220 test\r\n');
  }
}
