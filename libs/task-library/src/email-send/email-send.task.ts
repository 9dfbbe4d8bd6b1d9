import type { JsonObject } from '@orderlines/contracts';
import { defineTask, localized, objectSchema, TaskFailure } from '@orderlines/plugin-sdk';

/** How mail leaves the worker. */
export interface SmtpSettings {
  /** `smtp://host:587` (STARTTLS) or `smtps://host:465`; user and password may stand in it. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  readonly from: string;
  /** Receivers of mails that name none. */
  readonly to: readonly string[];
  /** `required`: nothing is sent without TLS; `never`: for servers without it. Absent: required as soon as there is a login. */
  readonly startTls?: 'required' | 'optional' | 'never';
  /** Certificates to trust beside the system's, in PEM. */
  readonly certificates?: string;
}

interface Inputs {
  to?: string | string[];
  cc?: string | string[];
  bcc?: string | string[];
  from?: string;
  subject: string;
  text?: string;
  html?: string;
}

const addresses = {
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', items: { type: 'string', minLength: 1 }, maxItems: 200 },
  ],
};
const SMTP_LIMIT_MS = 30_000;

/** `email.send`: sends a mail; without SMTP settings it is switched off and answers `sent: false`. */
export const emailSendTask = (smtp: SmtpSettings | undefined) =>
  defineTask<Inputs, JsonObject>({
    name: 'email.send',
    version: '1.0.0',
    category: 'notice',
    icon: 'mail',
    order: 10,
    title: { en: 'Send mail', zh: '发送邮件' },
    description: { en: 'Sends a mail by the SMTP server of the worker.', zh: '通过工作节点的 SMTP 服务器发送邮件。' },
    help: {
      en: 'Without `to` the mail goes to the receivers of the worker\'s settings. On a worker without SMTP settings nothing is sent and `sent` is false.\n\n```yaml\n- { id: tell, uses: email.send, with: { to: [oncall@shop.local], subject: "released", text: "${{ run.url }}" } }\n```',
      zh: '未填写 `to` 时发送给工作节点设置中的收件人。工作节点没有 SMTP 设置时不发送，`sent` 为 false。\n\n```yaml\n- { id: tell, uses: email.send, with: { to: [oncall@shop.local], subject: "已发布", text: "${{ run.url }}" } }\n```',
    },
    inputs: objectSchema(
      {
        to: localized(addresses, { en: ['To', 'One receiver or a list.'], zh: ['收件人', '一个或多个收件人。'] }),
        cc: localized(addresses, { en: ['Copy', 'Receivers of a copy.'], zh: ['抄送', '抄送收件人。'] }),
        bcc: localized(addresses, { en: ['Blind copy', 'Receivers that the others do not see.'], zh: ['密送', '密送收件人。'] }),
        from: localized(
          { type: 'string', minLength: 1 },
          { en: ['From', "Sender; default: that of the worker's settings."], zh: ['发件人', '默认为工作节点设置中的发件人。'] },
        ),
        subject: localized({ type: 'string', maxLength: 1_000 }, { en: ['Subject', 'One line.'], zh: ['主题', '一行文字。'] }),
        text: localized({ type: 'string' }, { en: ['Text', 'Plain text of the mail.'], zh: ['正文', '邮件的纯文本正文。'] }),
        html: localized(
          { type: 'string' },
          { en: ['HTML', 'The mail as HTML, beside or instead of the text.'], zh: ['HTML', 'HTML 正文，可与纯文本同时使用。'] },
        ),
      },
      ['subject'],
    ),
    results: objectSchema(
      {
        sent: { type: 'boolean', title: 'Sent' },
        messageId: { type: 'string', title: 'Message id' },
        accepted: { type: 'array', items: { type: 'string' }, title: 'Receivers the server took' },
        rejected: { type: 'array', items: { type: 'string' }, title: 'Receivers the server refused' },
      },
      ['sent'],
    ),
    idempotent: false,
    run: async (context, inputs) => {
      if (smtp === undefined) {
        await context.log('info', 'Mail is switched off on this worker (ORDERLINES_SMTP_URL is not set): nothing was sent');
        return { sent: false };
      }
      const to = [inputs.to ?? smtp.to].flat();
      if (to.length === 0)
        throw new TaskFailure('user', 'Nobody to send to: give `to`, or set ORDERLINES_SMTP_TO on the worker', {
          code: 'email.no-receiver',
        });
      const answer = await send(smtp, { from: smtp.from, ...inputs, to }, context.signal);
      await context.log('info', `Sent "${inputs.subject}" to ${answer.accepted.join(', ')}`);
      return { sent: true, ...answer };
    },
  });

const send = async (smtp: SmtpSettings, mail: Omit<Inputs, 'to'> & { to: string[] }, signal: AbortSignal) => {
  // Loaded when the first mail is sent: most workers never need it.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport(transportOptions(smtp));
  const close = () => transport.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    // Nothing of a mail may be read from the worker's files or from an address.
    const { messageId, accepted, rejected } = await transport.sendMail({ ...mail, disableFileAccess: true, disableUrlAccess: true });
    return { messageId, accepted: accepted.map(plainAddress), rejected: rejected.map(plainAddress) };
  } catch (error) {
    const { message, code, responseCode } = error as Error & { code?: string; responseCode?: number };
    const detail = { ...(code === undefined ? {} : { code }), ...(responseCode === undefined ? {} : { responseCode }) };
    throw new TaskFailure('plugin', `The mail was not sent: ${message}`, { code: 'email.not-sent', detail });
  } finally {
    signal.removeEventListener('abort', close);
    transport.close();
  }
};

const plainAddress = (address: string | { address: string }): string => (typeof address === 'string' ? address : address.address);

const transportOptions = (smtp: SmtpSettings) => {
  const url = new URL(smtp.url);
  const user = smtp.user ?? decodeURIComponent(url.username);
  const pass = smtp.password ?? decodeURIComponent(url.password);
  const secure = url.protocol === 'smtps:';
  // A password goes over the wire encrypted, or not at all, unless the operator says otherwise.
  const startTls = smtp.startTls ?? (user === '' ? 'optional' : 'required');
  return {
    host: url.hostname,
    port: Number(url.port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && startTls === 'required',
    ignoreTLS: !secure && startTls === 'never',
    ...(user === '' ? {} : { auth: { user, pass } }),
    ...(smtp.certificates === undefined ? {} : { tls: { ca: smtp.certificates } }),
    connectionTimeout: SMTP_LIMIT_MS,
    greetingTimeout: SMTP_LIMIT_MS,
    socketTimeout: SMTP_LIMIT_MS,
  };
};
