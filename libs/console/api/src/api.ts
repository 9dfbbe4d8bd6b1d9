import { inject, Injectable } from '@angular/core';
import { ApiProblem, problemOf, toProblem } from './problem.js';
import type { AnswerOf, CallOf, RouteName } from './routes.js';
import { SessionToken } from './session-token.js';

/** Where the API lives, on the host that serves the console. */
export const API = '/api/v1/';
/** A call that takes longer is given up. */
const PATIENCE_MS = 60_000;

interface AnyCall {
  readonly query?: object;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The HTTP API, typed by {@link Routes}. What is refused is thrown as {@link ApiProblem}. */
@Injectable({ providedIn: 'root' })
export class Api {
  private readonly session = inject(SessionToken);

  /** Asks a route: `api.call('GET instances/:id', { id })`. */
  async call<Name extends RouteName>(
    route: Name,
    ...given: object extends CallOf<Name> ? [CallOf<Name>?] : [CallOf<Name>]
  ): Promise<AnswerOf<Name>> {
    const call: AnyCall = given[0] ?? {};
    const [method = 'GET', path = ''] = route.split(' ');
    const answer = await this.fetch(address(path, call), {
      method,
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      headers: { ...(call.body !== undefined && { 'content-type': 'application/json' }), ...repeatable(method), ...call.headers },
      signal: call.signal ? AbortSignal.any([call.signal, AbortSignal.timeout(PATIENCE_MS)]) : AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    return (text === '' ? undefined : JSON.parse(text)) as AnswerOf<Name>;
  }

  /** Asks for an address below the API whose answer is read otherwise: a stream, a file, a text. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    let answer = await this.ask(path, init);
    if (answer.status === 401 && (await this.session.renew())) answer = await this.ask(path, init);
    if (answer.ok) return answer;
    const problem = await problemOf(answer);
    if (problem.status === 401) this.session.end();
    throw problem;
  }

  private async ask(path: string, init: RequestInit): Promise<Response> {
    const token = this.session.token();
    try {
      return await fetch(`${API}${path}`, { ...init, headers: { ...init.headers, ...(token && { authorization: `Bearer ${token}` }) } });
    } catch (error) {
      if (init.signal?.aborted && !(error instanceof ApiProblem)) throw error;
      throw toProblem(error);
    }
  }
}

/** A change that is sent twice because an answer got lost is made once. */
const repeatable = (method: string): Readonly<Record<string, string>> =>
  method === 'GET' ? {} : { 'idempotency-key': crypto.randomUUID() };

const address = (path: string, call: AnyCall): string => {
  const parts = call as Readonly<Record<string, unknown>>;
  const filled = path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(String(parts[name])));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
};
