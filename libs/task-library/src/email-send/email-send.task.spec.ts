import type { AddressInfo } from 'node:net';
import { conformanceProblems, tryTask } from '@orderlines/plugin-sdk';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { emailSendTask, type SmtpSettings } from './email-send.task.js';
import { selfSignedCertificate } from './self-signed-certificate.js';

interface Received {
  readonly text: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly secure: boolean;
}

const { key, certificate } = selfSignedCertificate('localhost', '127.0.0.1');
const mail = { to: ['oncall@shop.local'], subject: 'Grüße', text: 'released' };

describe('email.send', () => {
  const servers: SMTPServer[] = [];
  const received: Received[] = [];

  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(resolve))));
    received.length = 0;
  });

  /** A real SMTP server that wants a login. */
  const startServer = async (options: SMTPServerOptions = {}) => {
    const server = new SMTPServer({
      key,
      cert: certificate,
      onAuth: ({ username, password }, _session, callback) => {
        if (username === 'mailer' && password === 'pass:word@') callback(null, { user: username });
        else callback(new Error('Invalid user or password'));
      },
      onRcptTo: ({ address }, _session, callback) => callback(address.startsWith('nobody') ? new Error('no such mailbox') : null),
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom === false ? '' : mailFrom.address;
          received.push({
            text: Buffer.concat(chunks).toString(),
            from,
            to: rcptTo.map(({ address }) => address),
            user: session.user,
            secure: session.secure,
          });
          callback();
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return (server.server.address() as AddressInfo).port;
  };
  const settings = (url: string, more: Partial<SmtpSettings> = {}): SmtpSettings => ({
    url,
    from: 'orderlines@shop.local',
    to: [],
    certificates: certificate,
    ...more,
  });
  const credentials = 'mailer:pass%3Aword%40';

  it('is switched off without a server', async () => {
    const problems = await conformanceProblems(emailSendTask(undefined), [
      { title: 'sends nothing', inputs: mail, expect: { status: 'SUCCESS', result: { sent: false }, log: 'switched off' } },
    ]);
    expect(problems).toEqual([]);
  });

  it('sends over STARTTLS with a login', async () => {
    const port = await startServer();
    const problems = await conformanceProblems(emailSendTask(settings(`smtp://${credentials}@localhost:${port}`)), [
      {
        title: 'sends',
        inputs: mail,
        expect: { status: 'SUCCESS', result: { sent: true, accepted: ['oncall@shop.local'], rejected: [] } },
      },
    ]);
    expect(problems).toEqual([]);
    expect(received[0]).toMatchObject({
      from: 'orderlines@shop.local',
      to: ['oncall@shop.local'],
      user: 'mailer',
      secure: true,
      text: expect.stringContaining('released'),
    });
  });

  it('sends over TLS from the start, to several receivers, as HTML and text', async () => {
    const port = await startServer({ secure: true });
    const smtp = settings(`smtps://localhost:${port}`, { user: 'mailer', password: 'pass:word@' });
    const inputs = {
      ...mail,
      to: 'a@shop.local',
      cc: ['b@shop.local'],
      bcc: 'c@shop.local',
      html: '<b>released</b>',
      from: 'me@shop.local',
    };
    const { outcome } = await tryTask(emailSendTask(smtp), inputs);
    expect(outcome).toMatchObject({ status: 'SUCCESS', result: { sent: true } });
    expect(received[0]).toMatchObject({ from: 'me@shop.local', to: ['a@shop.local', 'b@shop.local', 'c@shop.local'], secure: true });
    expect(received[0]?.text).toContain('<b>released</b>');
    expect(received[0]?.text).not.toContain('c@shop.local');
  });

  it('sends no password to a server without TLS', async () => {
    const port = await startServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    const { outcome } = await tryTask(emailSendTask(settings(`smtp://${credentials}@localhost:${port}`)), mail);
    expect(outcome).toMatchObject({ status: 'FAILURE', failure: { reason: 'plugin', code: 'email.not-sent' } });
    expect(received).toEqual([]);
  });

  it('does without TLS and login where the operator says so', async () => {
    const port = await startServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] });
    const { outcome } = await tryTask(emailSendTask(settings(`smtp://localhost:${port}`, { startTls: 'never' })), mail);
    expect(outcome).toMatchObject({ status: 'SUCCESS', result: { sent: true } });
    expect(received[0]).toMatchObject({ secure: false });
  });

  it('does not trust a certificate that nobody vouches for', async () => {
    const port = await startServer();
    const { certificates: _none, ...smtp } = settings(`smtp://${credentials}@localhost:${port}`);
    expect((await tryTask(emailSendTask(smtp), mail)).outcome).toMatchObject({
      status: 'FAILURE',
      failure: { message: expect.stringContaining('certificate') },
    });
  });

  it('says why a login was refused', async () => {
    const port = await startServer();
    const smtp = settings(`smtp://localhost:${port}`, { user: 'mailer', password: 'wrong' });
    const { outcome } = await tryTask(emailSendTask(smtp), mail);
    expect(outcome).toMatchObject({
      status: 'FAILURE',
      failure: {
        reason: 'plugin',
        message: expect.stringContaining('Invalid user or password'),
        detail: { code: 'EAUTH', responseCode: 535 },
      },
    });
  });

  it('tells which receivers were refused', async () => {
    const port = await startServer();
    const { outcome } = await tryTask(emailSendTask(settings(`smtp://${credentials}@localhost:${port}`)), {
      ...mail,
      to: ['nobody@shop.local', 'oncall@shop.local'],
    });
    expect(outcome).toMatchObject({ status: 'SUCCESS', result: { accepted: ['oncall@shop.local'], rejected: ['nobody@shop.local'] } });
  });

  it('goes to the receivers of the worker when it names none, and fails when there are none', async () => {
    const port = await startServer();
    const url = `smtp://${credentials}@localhost:${port}`;
    const { to: _to, ...unaddressed } = mail;
    await tryTask(emailSendTask(settings(url, { to: ['all@shop.local'] })), unaddressed);
    expect(received[0]?.to).toEqual(['all@shop.local']);
    expect((await tryTask(emailSendTask(settings(url)), unaddressed)).outcome).toMatchObject({ failure: { code: 'email.no-receiver' } });
  });

  it('puts no lines into the head of the mail that were given as a subject', async () => {
    const port = await startServer();
    await tryTask(emailSendTask(settings(`smtp://${credentials}@localhost:${port}`)), { ...mail, subject: 'a\r\nBcc: evil@shop.local' });
    expect(received[0]?.to).toEqual(['oncall@shop.local']);
    expect(received[0]?.text).not.toMatch(/^Bcc:/m);
  });

  it('says that nobody answers', async () => {
    const { outcome } = await tryTask(emailSendTask(settings('smtp://127.0.0.1:9')), mail);
    expect(outcome).toMatchObject({
      status: 'FAILURE',
      failure: { code: 'email.not-sent', message: expect.stringContaining('ECONNREFUSED') },
    });
  });
});
