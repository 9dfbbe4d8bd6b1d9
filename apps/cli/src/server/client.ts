import { ProblemDetails } from '@orderlines/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { CommandError, EXIT, notAllowed, NotLetIn, refused, UnreachableError } from '../command-error.js';
import { problemLine } from '../output/problems.js';

/** Longest a single answer may take. */
const ANSWER_LIMIT_MS = 30_000;
/** Pauses before the repeats of a request that may be repeated: GETs, and changes with an Idempotency-Key. */
const REPEAT_AFTER_MS = [250, 1_000, 3_000];

/** A proxy on the way may answer with less than the server would. */
const Refusal = ProblemDetails.partial();

const ASK_FOR_THE_RIGHT = 'ask an administrator for the right, or log in as someone else';
/** What helps, where it is not a right that is missing; by the code of the refusal. */
const FORBIDDEN_ADVICE: Readonly<Record<string, string>> = { 'auth.password-change-needed': 'run `orderlines passwd`, then log in again' };

/** A request to the server. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path behind `/api/v1/`, ids URL-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The file that lines and columns of problems belong to. */
  readonly document?: string;
}

/** Speaks to the API of one server as one user; endings that are not a success come as {@link CommandError}. */
export class ApiClient {
  constructor(
    readonly server: string,
    private token: string | undefined,
    /** The token in use now: a later login of the same person brings another one. */
    private readonly tokenNow: () => Promise<string | undefined> = () => Promise.resolve(token),
  ) {}

  /** Takes the token of a later login; false: there was none. */
  async renewToken(): Promise<boolean> {
    const before = this.token;
    this.token = await this.tokenNow();
    return this.token !== undefined && this.token !== before;
  }

  /** Asks, and reads the answer by its schema. */
  async ask<S extends z.ZodType>(schema: S, request: Request): Promise<z.output<S>> {
    const text = await (await this.send(request)).text();
    const answer = schema.safeParse(text === '' ? undefined : parseJson(text));
    if (answer.success) return answer.data;
    throw new UnreachableError(
      `${this.server} answers ${request.method} ${request.path} in a form this version does not know: ${z.prettifyError(answer.error)}`,
      'is it an orderlines server of the same version?',
    );
  }

  /** Asks, and gives the answer as it comes: text, or a stream of events. The signal ends it at any time. */
  async send(request: Request, signal?: AbortSignal): Promise<Response> {
    for (let repeat = 0; ; repeat++) {
      const limit = signal ?? AbortSignal.timeout(ANSWER_LIMIT_MS);
      const answer = await this.fetch(request, limit).catch((error: unknown) => error as Error);
      if (answer instanceof Response && answer.ok) return answer;
      const wait = REPEAT_AFTER_MS[repeat];
      if (wait === undefined || signal?.aborted || !mayRepeat(request) || !passes(answer)) throw await this.ending(answer, request);
      await pause(wait);
    }
  }

  private fetch({ method, path, query = {}, body, headers }: Request, signal: AbortSignal): Promise<Response> {
    const url = new URL(`api/v1/${path}`, `${this.server}/`);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    return fetch(url, {
      method,
      signal,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  private async ending(answer: Response | Error, { document }: Request): Promise<Error> {
    if (!(answer instanceof Response)) return this.noAnswer(answer);
    const text = await answer.text().catch(() => '');
    const problem = Refusal.safeParse(parseJson(text)).data ?? {};
    const said = problem.detail ?? problem.title ?? `${answer.status} ${answer.statusText}`;
    if (answer.status === 401) return new NotLetIn(`${this.server}: ${said}`, this.loginAdvice());
    if (answer.status === 403) return notAllowed(`${this.server}: ${said}`, FORBIDDEN_ADVICE[problem.code ?? ''] ?? ASK_FOR_THE_RIGHT);
    if (answer.status === 429 || answer.status >= 500) return new UnreachableError(`${this.server}: ${said}`, 'try again in a moment');
    const lines = [said, ...(problem.errors ?? []).map((error) => problemLine(error, document))];
    return new CommandError(
      lines.join('\n'),
      EXIT.refused,
      problem.allowed ? `allowed now: ${problem.allowed.join(', ') || 'nothing'}` : undefined,
    );
  }

  private noAnswer(error: Error): Error {
    if (error.name === 'TimeoutError') return new UnreachableError(`${this.server} did not answer within ${ANSWER_LIMIT_MS / 1000} s`);
    if (error.name === 'AbortError') return error;
    const cause = (error.cause as Error | undefined)?.message ?? error.message;
    return new UnreachableError(
      `cannot reach ${this.server}${cause ? ` (${cause})` : ''}`,
      'start it with `npm start`, or say where it is: ORDERLINES_URL=http://host:port',
    );
  }

  private loginAdvice(): string {
    const { hostname } = new URL(this.server);
    return this.token
      ? `the token is not taken (any more): log in again with \`orderlines login -u <user>\``
      : `log in to ${hostname} first: \`orderlines login -u <user>\``;
  }
}

const mayRepeat = ({ method, headers }: Request): boolean => method === 'GET' || headers?.['idempotency-key'] !== undefined;

/** Troubles that pass: a gateway that is being restarted, a connection that broke. Nobody listening at all is told at once. */
const passes = (answer: Response | Error): boolean => {
  if (answer instanceof Response) return [502, 503, 504].includes(answer.status);
  const code = (answer.cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A path segment: an id, or `namespace/name`, in one piece. */
export const segment = (id: string): string => encodeURIComponent(id);

/** The path of a run; a number, which every process counts for itself, names none. */
export const runPath = (id: string): string => {
  if (!/^#?\d+$/.test(id)) return `instances/${segment(id)}`;
  throw refused(
    `${id} is a run's number in its process, and every process has its own`,
    'name the run by its id: `orderlines get instances --process <process>` shows both',
  );
};

/** The server's address without a slash at its end. */
export const serverAddress = (text: string): string => {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw refused(`\`${text}\` is not the address of a server`, 'write http://host:port');
  return text.replace(/\/+$/, '');
};
